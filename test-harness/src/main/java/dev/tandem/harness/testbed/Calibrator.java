package dev.tandem.harness.testbed;

import dev.tandem.harness.testbed.Calibration.Share;
import dev.tandem.harness.testbed.TestbedSpec.Group;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Adjusts the quotas of core groups until they compute at the rates that were asked for, all at once: what is taken for the
 * kernel's own work and by neighbours on the machine is made up for. Members should be idle meanwhile.
 */
final class Calibrator {

    private static final Duration SETTLING = Duration.ofMillis(150);
    private static final double SECONDS_PER_NANO = 1e-9;

    /** A quota that is further off hides another problem: on a machine that is busy now, it would be too large later. */
    private static final double MOST_CORRECTION = 1.1;

    /** Part of an error that is corrected at once. */
    private static final double STEP = 0.7;

    private static final double HONEST_WITHIN = 0.1;

    private final ControlGroupTree tree;
    private final Duration window;
    private final int mostRounds;

    /** @param window of one measurement, many periods of the quotas long */
    Calibrator(ControlGroupTree tree, Duration window, int mostRounds) {
        this.tree = tree;
        this.window = window;
        this.mostRounds = mostRounds;
    }

    /** A core group. */
    record Target(String node, OwnedName nodeName, OwnedName name, Group group) {}

    /** What a core group did in a window. */
    private record Measured(double time, double work) {}

    /**
     * Sets the quotas to the best that were tried.
     *
     * @return what was measured with them
     */
    Calibration run(List<Target> targets) {
        double[] shares =
                targets.stream().mapToDouble(target -> target.group().share()).toArray();
        List<Spinner> spinners = new ArrayList<>();
        try {
            for (int i = 0; i < shares.length; i++) {
                limit(targets.get(i), shares[i]);
                Target target = targets.get(i);
                List<Path> folders = tree.folders(target.nodeName(), target.name());
                spinners.add(new Spinner(target.group().name(), target.group().threads(), folders));
            }
            return adjust(targets, spinners, shares);
        } finally {
            spinners.forEach(Spinner::close);
        }
    }

    /** A single window may be disturbed: the best round counts, not the last. */
    private Calibration adjust(List<Target> targets, List<Spinner> spinners, double[] shares) {
        Calibration best = measure(targets, spinners, shares, 1);
        double[] bestShares = shares.clone();
        Calibration reached = best;
        for (int round = 2; round <= mostRounds && !best.isWithinTolerance(); round++) {
            correct(targets, shares, reached);
            reached = measure(targets, spinners, shares, round);
            if (reached.worstError() < best.worstError()) {
                best = reached;
                bestShares = shares.clone();
            }
        }
        for (int i = 0; i < bestShares.length; i++) {
            limit(targets.get(i), bestShares[i]);
        }
        return best;
    }

    /** Part of the way only, as part of the error is chance. */
    private void correct(List<Target> targets, double[] shares, Calibration reached) {
        for (int i = 0; i < shares.length; i++) {
            Share share = reached.groups().get(i);
            double next = shares[i] * (1 - STEP * share.error());
            double most = share.asked() * MOST_CORRECTION;
            shares[i] = Math.min(most, Math.max(share.asked() / MOST_CORRECTION, next));
            limit(targets.get(i), shares[i]);
        }
    }

    private void limit(Target target, double share) {
        tree.limitCpu(target.nodeName(), target.name(), CpuQuota.of(share));
    }

    private Calibration measure(List<Target> targets, List<Spinner> spinners, double[] shares, int round) {
        List<Measured> measured = measure(targets, spinners);
        double fullSpeed = workPerSecond(measured);
        List<Share> groups = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            Target target = targets.get(i);
            CpuQuota quota = CpuQuota.of(shares[i]);
            groups.add(new Share(
                    target.node(),
                    target.group().name(),
                    target.group().share(),
                    measured.get(i).time(),
                    measured.get(i).work() / fullSpeed,
                    quota.quotaMicros(),
                    quota.periodMicros(),
                    quota.shortestHonest(HONEST_WITHIN).toMillis()));
        }
        return new Calibration(groups, Calibration.TOLERANCE, round);
    }

    private List<Measured> measure(List<Target> targets, List<Spinner> spinners) {
        pause(SETTLING);
        double[] before = targets.stream().mapToDouble(this::cpuSeconds).toArray();
        long[] rounds = spinners.stream().mapToLong(Spinner::rounds).toArray();
        long start = System.nanoTime();
        pause(window);
        double seconds = (System.nanoTime() - start) * SECONDS_PER_NANO;
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            measured.add(new Measured(
                    (cpuSeconds(targets.get(i)) - before[i]) / seconds,
                    (spinners.get(i).rounds() - rounds[i]) / seconds));
        }
        return measured;
    }

    private double cpuSeconds(Target target) {
        return tree.cpuSeconds(target.nodeName(), target.name());
    }

    /** Of one CPU in the same moment: how fast the whole machine is changes, and what a core group has of it must not. */
    private static double workPerSecond(List<Measured> measured) {
        double work = measured.stream().mapToDouble(Measured::work).sum();
        return work / measured.stream().mapToDouble(Measured::time).sum();
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestbedException("interrupted while core groups were measured", e);
        }
    }
}
