/** Benchmarks by JMH, run with {@code -Pbench}. Start at {@link dev.tandem.harness.bench.PlanningBenchmark}. */
@NullMarked
package dev.tandem.harness.bench;

import org.jspecify.annotations.NullMarked;
