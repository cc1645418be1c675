import { en, type Dict } from "./en";
export const pl: Dict = en;
