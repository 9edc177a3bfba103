-- Section numbers and bound numbers, for pandoc and for Quarto. Only pandoc's own Lua API is used.
--   ``` {.celle}                    a cell's Markdown: read alone, as JupyterLab reads it, so that no cell runs into the next
--   # Title <navn id="b" number="8">  in a cell: the number is a fact of the edition: it is shown, never counted
--   <tall ref="t-1">5,1 prosent</tall>  in a cell, or [5,1 prosent]{.tall ref="t-1"}: a link to the register of numbers
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

local CELL = "commonmark+definition_lists+footnotes+pipe_tables+strikeout+tex_math_dollars"

-- HTML tags that have a meaning in both formats; any other name in angle brackets is text.
local INLINE = {
  b = pandoc.Strong, strong = pandoc.Strong, i = pandoc.Emph, em = pandoc.Emph, u = pandoc.Underline,
  s = pandoc.Strikeout, del = pandoc.Strikeout, sub = pandoc.Subscript, sup = pandoc.Superscript,
  mark = function(content) return pandoc.Span(content, pandoc.Attr("", { "mark" })) end,
  span = pandoc.Span, small = pandoc.Span, kbd = pandoc.Span, abbr = pandoc.Span,
}

local function tag_of(inline)
  if inline.t == "RawInline" and inline.format == "html" then
    local slash, name = inline.text:match("^<(/?)(%a[%w-]*)")
    return name and name:lower(), slash == "/", inline.text:match(' ref="([^"]*)"'), inline.text:match(' href="([^"]*)"')
  end
end

local function with_tags(inlines)
  local open = { { content = pandoc.Inlines({}) } } -- the innermost last
  local function add(inline) open[#open].content:insert(inline) end
  local function text_of_open()
    local unclosed = table.remove(open)
    add(pandoc.Str(unclosed.text))
    open[#open].content:extend(unclosed.content)
  end
  for _, inline in ipairs(inlines) do
    local name, closes, ref, href = tag_of(inline)
    local depth = #open
    while closes and depth > 1 and open[depth].name ~= name do depth = depth - 1 end
    if name == "br" then
      add(pandoc.LineBreak())
    elseif name and closes and depth > 1 then
      while #open > depth do text_of_open() end
      local element = table.remove(open)
      if name == "tall" and element.href then
        add(pandoc.Link(element.content, element.href, "", pandoc.Attr("", { "tall" })))
      elseif name == "tall" then
        add(pandoc.Span(element.content, pandoc.Attr("", { "tall" }, { ref = element.ref })))
      else
        add(INLINE[name](element.content))
      end
    elseif name and not closes and (INLINE[name] or (name == "tall" and ref)) then
      table.insert(open, { name = name, ref = ref, href = href, text = inline.text, content = pandoc.Inlines({}) })
    elseif inline.t == "RawInline" and name ~= "navn" then
      add(pandoc.Str(inline.text))
    else
      add(inline)
    end
  end
  while #open > 1 do text_of_open() end
  return open[1].content
end

-- A block of HTML, such as a table: what it says, in both formats.
local function bare(element)
  element.attributes = {}
  return element
end
local function html_block(raw)
  return pandoc.read(raw.text, "html", nil, {}).blocks:walk({ Div = bare, Span = bare, Header = bare, Link = bare })
end

-- The name and number that the book gave a heading.
local function named(header)
  local last = header.content[#header.content]
  local id, number = (last and last.t == "RawInline" and last.text or ""):match('^<navn id="([^"]*)" number="([^"]*)">$')
  if not id then
    return nil
  end
  header.content:remove()
  while #header.content > 0 and header.content[#header.content].t == "Space" do header.content:remove() end
  header.identifier = id
  if number ~= "" then
    header.attributes.number = number
  end
  return header
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

-- The PDF asks for words for every formula: its TeX.
local function formula(math)
  if not typst then
    return nil
  end
  local set = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "typst"):gsub("%s+$", "")
  local block = math.mathtype == "DisplayMath" and "true" or "false"
  return pandoc.RawInline("typst", "#math.equation(alt: " .. quoted(math.text) .. ", block: " .. block .. ", " .. set .. ")")
end

local function picture(image)
  if not typst then
    return nil
  end
  local words = quoted(pandoc.utils.stringify(image.caption))
  return pandoc.RawInline("typst", "#box(bilde(" .. quoted(image.src) .. ", " .. words .. "))")
end

-- As `typst_text` of the library: the writer leaves some of what typst gives a meaning, such as «...» and «-1».
local function typst_text(str)
  if not typst then
    return nil
  end
  return pandoc.RawInline("typst", (str.text:gsub("[\\#$*_`<>@%[%]{}~\"'%-/=+.:^|?(;]", "\\%0")))
end

-- The last gate: the book has refused these by name of the cell.
local function safe_link(link)
  local scheme = link.target:match("^%s*(%a[%w+.-]*):")
  local known = scheme == nil or ({ http = true, https = true, mailto = true })[scheme:lower()]
  if not known or link.target:match("^[/\\]") or link.target:match("[%c%s]") then
    error("en lenke leder til «" .. link.target .. "»")
  end
end

local function read_cell(block)
  if not block.classes:includes("celle") then
    return nil
  end
  local read = pandoc.read(block.text, CELL):walk({ Inlines = with_tags, RawBlock = html_block })
  local blocks = read:walk({ Header = named, Math = formula, Image = picture }).blocks
  if typst and #blocks > 0 and blocks[#blocks].t:match("List$") then
    blocks:insert(pandoc.RawBlock("typst", "#v(0pt, weak: true)")) -- or the list would go on into the next cell's
  end
  return blocks
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
  { Meta = read_metadata, CodeBlock = read_cell },
  { Header = number_heading, Span = link_number },
  { Str = typst_text, Link = safe_link },
}
