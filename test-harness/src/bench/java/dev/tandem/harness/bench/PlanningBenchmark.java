package dev.tandem.harness.bench;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Replanner;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long planning takes: all that {@code auto} looks at for eight boards of three core groups, a plan adapted to a rate
 * that has halved, and random clusters of 100 and 1,000 boards. Costs are modelled anew every time, as for a topology that
 * has just been measured; the model's graph is there.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10, time = 3)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class PlanningBenchmark {

    /** Eight boards of three core groups. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Boards {

        @Param({"efficientnet-b0", "resnet-50"})
        public String model = "";

        @Param({"LATENCY", "THROUGHPUT"})
        public Objective objective = Objective.LATENCY;

        private Cluster cluster;
        private Plan deployed;

        @Setup
        public void plan() throws IOException {
            cluster = Cluster.ofBoards(model);
            deployed = cluster.plan(objective).plan();
        }
    }

    /** Unequal boards on one switch. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // set up by JMH
    public static class Fleet {

        @Param({"100", "1000"})
        public int nodes;

        @Param({"LATENCY", "THROUGHPUT"})
        public Objective objective = Objective.LATENCY;

        private Cluster cluster;

        @Setup
        public void draw() throws IOException {
            cluster = Cluster.ofFleet("resnet-50", nodes);
        }

        @TearDown(Level.Trial)
        public void printGap() {
            Planned planned = cluster.plan(objective);
            System.out.printf(
                    Locale.ROOT,
                    "%d nodes, %s: %.1f %% above what no plan can beat%n",
                    nodes,
                    objective,
                    100 * planned.gap(objective).orElseThrow());
        }
    }

    @Benchmark
    public Planned eightBoards(Boards boards) {
        return boards.cluster.plan(boards.objective);
    }

    @Benchmark
    public Plan adapted(Boards boards) {
        return Replanner.adapt(boards.deployed, boards.cluster.slowed(boards.objective), Constraints.NONE)
                .orElseThrow();
    }

    @Benchmark
    public Planned fleet(Fleet fleet) {
        return fleet.cluster.plan(fleet.objective);
    }
}
