package dev.tandem.harness.experiment.emulated;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Measures plans in turns, all of them once in each round and in another order in each, so that whatever changes on the
 * machine meanwhile hits all alike. What the log has is not measured again.
 */
public final class Turns {

    private final Testbed bed;
    private final RunLog log;
    private final Length length;
    private final long seed;
    private final Consumer<String> progress;

    /** @param seed of the orders */
    public Turns(Testbed bed, RunLog log, Length length, long seed, Consumer<String> progress) {
        this.bed = bed;
        this.log = log;
        this.length = length;
        this.seed = seed;
        this.progress = progress;
    }

    /** What a plan could do at best, in the unit of its aim, given a measurement of it; latency is measured first. */
    @FunctionalInterface
    public interface Ideal {
        Optional<Double> of(Contender contender, PlanTrial.Outcome outcome);

        /** Nothing is known of it. */
        static Optional<Double> unknown(Contender contender, PlanTrial.Outcome outcome) {
            return Optional.empty();
        }
    }

    /** Measures in so many rounds what has not been measured. */
    public void run(List<Contender> contenders, int rounds, Ideal ideal)
            throws IOException, TimeoutException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            List<Contender> open = open(contenders, round);
            Collections.shuffle(open, new Random(seed + round));
            while (!open.isEmpty()) {
                List<Contender> alike =
                        open.stream().filter(open.get(0)::runsAs).toList();
                open.removeAll(alike);
                measure(alike, round, ideal);
                progress.accept(open.size() + " plans left in round " + round + " of " + rounds);
            }
        }
    }

    private List<Contender> open(List<Contender> contenders, int round) throws IOException {
        Set<Run.Cell> done = log.runs().stream().map(Run::which).collect(Collectors.toSet());
        return new ArrayList<>(contenders.stream()
                .filter(contender -> !done.contains(contender.cell(bed.spec().name(), round)))
                .toList());
    }

    /** One plan, whoever made it: each of its aims once, and into the log together. */
    private void measure(List<Contender> alike, int round, Ideal ideal)
            throws IOException, TimeoutException, InterruptedException {
        Contender first = alike.get(0);
        PlanTrial trial = PlanTrial.begin(first.model(), first.plan());
        List<Run> runs = new ArrayList<>();
        for (Objective aim : List.of(Objective.LATENCY, Objective.THROUGHPUT)) {
            List<Contender> same =
                    alike.stream().filter(contender -> contender.aim() == aim).toList();
            if (!same.isEmpty()) {
                PlanTrial.Outcome outcome = trial.measure(aim, length);
                for (Contender contender : same) {
                    Run.Cell cell = contender.cell(bed.spec().name(), round);
                    runs.add(outcome.run(cell, contender.plan(), ideal.of(contender, outcome)));
                }
                progress.accept(line(same, outcome));
            }
        }
        log.add(runs);
    }

    private static String line(List<Contender> same, PlanTrial.Outcome outcome) {
        boolean isLatency = same.get(0).aim() == Objective.LATENCY;
        double unit = isLatency ? 1e3 : 1;
        return String.format(
                Locale.ROOT,
                "%s, %s: %.4g %s, simulated %.4g, predicted %.4g",
                same.get(0).name(),
                same.stream().map(Contender::planner).collect(Collectors.joining(" = ")),
                unit * outcome.value(),
                isLatency ? "ms" : "per second",
                unit * outcome.simulated(),
                unit * outcome.predicted());
    }
}
