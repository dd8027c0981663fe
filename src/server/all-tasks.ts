/** Imports every file that declares task kinds, so that a process knows them all whatever its roles are. */
export {}
