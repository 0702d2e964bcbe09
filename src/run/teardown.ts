/** What is left, or why nobody knows. Never rejects. */
export async function leftBy(
  down: () => Promise<readonly string[]>,
): Promise<{ readonly leftovers: readonly string[]; readonly unseen?: true }> {
  try {
    return { leftovers: await down() };
  } catch (error) {
    return { leftovers: [(error as Error).message], unseen: true };
  }
}
