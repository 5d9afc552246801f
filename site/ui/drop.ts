/** An area to drop files and folders on, with a button to choose files. */
import { freshId, h } from "./dom.js";

/** @param given called with the files */
export function dropZone(label: string, given: (files: File[]) => void): HTMLElement {
  const id = freshId("files");
  const input = h("input", { id, type: "file", multiple: true, class: "file" });
  const zone = h(
    "div",
    { class: "drop" },
    h("label", { for: id }, label),
    h(
      "p",
      { class: "note" },
      "Drop cifar-10-binary.tar.gz, cifar-10-python.tar.gz or the unpacked batches here, or choose them. They stay on your machine.",
    ),
    input,
  );
  input.addEventListener("change", () => {
    if (input.files !== null && input.files.length > 0) given([...input.files]);
    input.value = ""; // so that choosing the same files again is a change
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer !== null) void filesIn(event.dataTransfer).then((files) => files.length > 0 && given(files));
  });
  return zone;
}

/** The dropped files, and the files in dropped folders. */
async function filesIn(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return [...data.files];
  const lists = await Promise.all(entries.map((entry) => (entry === null ? [] : filesOf(entry))));
  return lists.flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  return (await Promise.all(inside.map(filesOf))).flat();
}
