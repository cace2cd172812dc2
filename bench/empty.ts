/* Nothing: what Node itself takes to start a program in TypeScript, measured beside the commands. */
export {};
