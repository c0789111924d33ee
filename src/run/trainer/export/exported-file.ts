export interface ExportedFile {
  name: string;
  content: string | Uint8Array;
}
