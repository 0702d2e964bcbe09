// The sabotage: says that it did it, exits 0, and did nothing.
process.stdout.write('standby: 200\n');
