/** Fails before its first user comes, and tells more than it should. */
throw new Error(`cannot sign in as ${__ENV.LOGIN_PASSWORD}`);
