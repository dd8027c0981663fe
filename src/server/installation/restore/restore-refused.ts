/** Thrown when a restore will not begin or cannot end; its sentence is for the operator at the shell. */

export class RestoreRefused extends Error {}
