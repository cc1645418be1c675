import { en, type Dict } from "./en";
export const de: Dict = en;
