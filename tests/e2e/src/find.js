// Roles and accessible names, as far as this page needs them (HTML-AAM and accname, in brief).

const ROLES_BY_TAG = {
  A: (it) => (it.hasAttribute("href") ? "link" : "generic"),
  ARTICLE: "article",
  ASIDE: "complementary",
  BUTTON: "button",
  DETAILS: "group",
  DIALOG: "dialog",
  FIELDSET: "group",
  FIGURE: "figure",
  H1: "heading", H2: "heading", H3: "heading", H4: "heading",
  IMG: "image",
  LI: "listitem",
  MAIN: "main",
  METER: "meter",
  NAV: "navigation",
  OL: "list",
  OPTION: "option",
  OUTPUT: "status",
  PROGRESS: "progressbar",
  SECTION: (it) => (labelOf(it) ? "region" : "generic"),
  SELECT: (it) => (it.multiple || it.size > 1 ? "listbox" : "combobox"),
  TABLE: "table",
  TD: "cell",
  TEXTAREA: "textbox",
  TH: (it) => (it.scope === "row" ? "rowheader" : "columnheader"),
  TR: "row",
  UL: "list",
};

const ROLES_BY_INPUT_TYPE = {
  button: "button", submit: "button", reset: "button", checkbox: "checkbox", number: "spinbutton",
  radio: "radio", range: "slider", search: "searchbox", file: "button",
};

const NAMED_BY_CONTENT = new Set([
  "button", "cell", "checkbox", "columnheader", "heading", "link", "menuitem", "option", "radio",
  "rowheader", "switch", "tab", "treeitem",
]);

function roleOf(it) {
  const explicit = (it.getAttribute("role") ?? "").trim().split(/\s+/)[0];
  if (explicit) return explicit === "img" ? "image" : explicit;
  if (it.tagName === "INPUT") return ROLES_BY_INPUT_TYPE[it.type] ?? "textbox";
  const role = ROLES_BY_TAG[it.tagName];
  return (typeof role === "function" ? role(it) : role) ?? "generic";
}

const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();

// The text in an element, without what is hidden and without a control's own content.
function contentOf(it) {
  if (it.nodeType === Node.TEXT_NODE) return it.data;
  if (it.nodeType !== Node.ELEMENT_NODE) return "";
  if (it.getAttribute("aria-hidden") === "true") return "";
  if (["SELECT", "INPUT", "TEXTAREA", "SCRIPT", "STYLE"].includes(it.tagName)) return "";
  if (!it.checkVisibility({ visibilityProperty: true })) return "";
  const label = it.getAttribute("aria-label") ?? it.getAttribute("alt");
  if (label) return label;
  const inline = getComputedStyle(it).display.startsWith("inline");
  const text = [...it.childNodes].map(contentOf).join("");
  return inline ? text : ` ${text} `;
}

// The name that an element is given from outside its content.
function labelOf(it) {
  const ids = tidy(it.getAttribute("aria-labelledby"));
  if (ids) {
    const labels = ids.split(" ").map((id) => document.getElementById(id));
    return tidy(labels.map((label) => (label ? labelOf(label) || contentOf(label) : "")).join(" "));
  }
  if (tidy(it.getAttribute("aria-label"))) return tidy(it.getAttribute("aria-label"));
  if (it.labels?.length) return tidy([...it.labels].map(contentOf).join(" "));
  const child = { FIELDSET: "legend", TABLE: "caption", DETAILS: "summary", FIGURE: "figcaption" };
  const caption = it.querySelector(`:scope > ${child[it.tagName] ?? "title"}`);
  if (caption) return tidy(caption.textContent);
  return tidy(it.getAttribute("alt"));
}

function nameOf(it) {
  return labelOf(it)
    || (NAMED_BY_CONTENT.has(roleOf(it)) ? tidy([...it.childNodes].map(contentOf).join("")) : "")
    || tidy(it.getAttribute("title"))
    || tidy(it.getAttribute("placeholder"));
}

function isPerceivable(it) {
  return it.checkVisibility({ visibilityProperty: true }) && !it.closest('[aria-hidden="true"]');
}

function matches(it, step) {
  if (step.role !== undefined && roleOf(it) !== step.role) return false;
  if (step.name !== undefined && nameOf(it) !== step.name) return false;
  return step.start === undefined || nameOf(it).startsWith(step.start);
}

// All that the steps describe, each step inside what the one before it found.
function find(steps) {
  let found = [document];
  for (const step of steps) {
    const inside = new Set(found.flatMap((outer) => [...outer.querySelectorAll("*")]));
    found = [...inside].filter((it) => matches(it, step) && isPerceivable(it));
  }
  return found;
}

const names = (steps) => find(steps).map(nameOf);
