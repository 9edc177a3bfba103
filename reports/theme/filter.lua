-- Section numbers and bound numbers, for pandoc and for Quarto. Only pandoc's own Lua API is used.
--   # Title {number="8"}            the number is a fact of the edition: it is shown, never counted
--   [5,1 prosent]{.tall ref="t-1"}  a link to the register of numbers
local html = FORMAT:match("html") ~= nil
local typst = FORMAT:match("typst") ~= nil
local register = nil -- href of the chapter's register page
local in_appendix = {} -- refs that have an entry in the PDF's appendix

local function read_metadata(meta)
  if meta.register then
    register = pandoc.utils.stringify(meta.register)
  end
  for _, ref in ipairs(meta["register-refs"] or {}) do
    in_appendix[pandoc.utils.stringify(ref)] = true
  end
end

local function number_heading(header)
  local number = header.attributes.number
  if not number then
    return nil
  end
  header.attributes.number = nil
  if html then
    header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "secnum" })))
    header.content:insert(2, pandoc.Space())
  else
    header.content:insert(1, pandoc.Str(number .. "\u{2003}"))
  end
  return header
end

local function link_number(span)
  local ref = span.attributes.ref
  if not span.classes:includes("tall") or not ref then
    return nil
  end
  if html and register then
    return pandoc.Link(span.content, register .. "#" .. ref, "", pandoc.Attr("", { "tall" }))
  end
  if typst and in_appendix[ref] then
    local out = pandoc.List({ pandoc.RawInline("typst", '#tall("' .. ref .. '")[') })
    out:extend(span.content)
    out:insert(pandoc.RawInline("typst", "]"))
    return out
  end
  return span.content
end

return {
  { Meta = read_metadata },
  { Header = number_heading, Span = link_number },
}
