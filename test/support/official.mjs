// Some of the providers' libraries are ES modules only; TypeScript's CommonJS output can reach them through this one.
export const load = (url) => import(url);
