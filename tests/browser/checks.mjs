// Counts what was checked and says it, a line each.

let passed = 0;
const failures = [];

/** One check: `problems` is empty when it holds. */
export function report(name, problems) {
  if (problems.length === 0) {
    passed += 1;
    console.log(`ok      ${name}`);
  } else {
    failures.push(name);
    console.log(`FAILED  ${name}`);
    for (const problem of problems) {
      console.log(`          ${String(problem).replaceAll("\n", "\n          ")}`);
    }
  }
}

/** One check that holds or does not. */
export function check(name, holds, detail = "") {
  report(name, holds ? [] : [detail || "it is not so"]);
}

/** Says the result in the words that the test command counts; answers whether all held. */
export function conclude() {
  if (failures.length > 0) {
    console.log("\nFailed:");
    failures.forEach((name) => console.log(`  ${name}`));
  }
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 && passed > 0;
}
