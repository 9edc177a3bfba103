import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validate one PDF against PDF/UA-1 and PDF/A-2a; exit 1 on any failed rule. */
public class VeraCheck {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean ok = true;
        for (String name : new String[] {"ua1", "2a"}) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(args[0]), flavour);
                 PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println(name + ": " + (result.isCompliant() ? "pass" : "FAIL")
                        + " (" + result.getTotalAssertions() + " checks)");
                for (TestAssertion a : result.getTestAssertions()) {
                    if (a.getStatus() == TestAssertion.Status.FAILED) {
                        System.out.println("  " + a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber()
                                + " " + a.getMessage() + " @ " + a.getLocation().getContext());
                    }
                }
                ok &= result.isCompliant();
            }
        }
        System.exit(ok ? 0 : 1);
    }
}
