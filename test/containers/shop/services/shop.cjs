// Answers as long as it runs, and ends in order.
process.on('SIGTERM', () => process.exit(0));
require('node:http')
  .createServer((_, response) => response.end('open'))
  .listen(Number(process.env.PORT));
