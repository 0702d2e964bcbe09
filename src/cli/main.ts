#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: it halves the time that `--help` takes.
enableCompileCache();
const { runProgram } = await import('./program.ts');
await runProgram(process.argv.slice(2));
