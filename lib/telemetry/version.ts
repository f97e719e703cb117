/** The version of the package, which a test holds to this one: a bundle has no package.json to read it from. */
export const VERSION = '0.1.0';
