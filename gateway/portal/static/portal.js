/* Starts what a page needs. Every page also works without any of this. */
import { keepOneSending, warnOfUnsaved, closeMenus } from "./forms.js";

keepOneSending();
warnOfUnsaved();
closeMenus();

if (document.querySelector("[data-suggest]")) {
  const { suggestWhileTyping } = await import("./suggestions.js");
  suggestWhileTyping(document.querySelector("[data-suggest]"));
}
if (document.querySelector("[data-complete]")) {
  const { completeWhileTyping } = await import("./completing.js");
  document.querySelectorAll("[data-complete]").forEach(completeWhileTyping);
}
if (document.querySelector("[data-follow]")) {
  const { follow } = await import("./live.js");
  follow(document.querySelector("[data-follow]"));
}
if (document.querySelector("[data-preview], [data-print], [data-files]")) {
  const { previewWhileWriting, printOnPress, keepFiles } = await import("./editor.js");
  document.querySelectorAll("[data-preview]").forEach(previewWhileWriting);
  document.querySelectorAll("[data-print]").forEach(printOnPress);
  document.querySelectorAll("[data-files]").forEach(keepFiles);
}
if (document.querySelector("[data-attaching]")) {
  const { showChosenFiles } = await import("./attaching.js");
  document.querySelectorAll("[data-attaching]").forEach(showChosenFiles);
}
