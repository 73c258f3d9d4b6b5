// Says, before anything is drawn, that scripts run: the components look for these classes on the body.
// A file of its own, since the content security policy allows no script inside a page.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
