package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.tandem.deploy.load.MeasuringTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of a benchmark. Rates are per second; figures are medians over the rounds, maxima and counts over all of them.
 *
 * @param load {@code closed} or {@code open}
 * @param concurrency requests in flight, closed loop
 * @param rate requests per second that were meant to leave, open loop
 * @param arrivals how they were spread, open loop
 * @param generator where requests were made
 * @param baselineThroughput of plain ONNX Runtime
 * @param ratio of the throughputs
 * @param oneCpuThroughput of plain ONNX Runtime on one CPU, where the members have several
 * @param achievedRate requests per second that were answered in time, open loop
 * @param refused requests refused for overload, open loop
 * @param late requests without an answer by their deadline, open loop
 * @param processorMs processor time per inference, of this process and of the members that it started
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchReport(
        String model,
        String load,
        @Nullable Integer concurrency,
        @Nullable Double rate,
        @Nullable String arrivals,
        Generator generator,
        double durationSeconds,
        double warmUpSeconds,
        double throughput,
        double baselineThroughput,
        double ratio,
        @Nullable Double oneCpuThroughput,
        @Nullable Double ratioToOneCpu,
        double p50Ms,
        double p90Ms,
        double p99Ms,
        double maxMs,
        @Nullable Double achievedRate,
        @Nullable Long refused,
        @Nullable Long late,
        double processorMs,
        double baselineProcessorMs,
        double bytesMovedPerInference,
        List<LiveStatus.BusyShare> busy,
        BenchSide baseline,
        @Nullable BenchSide oneCpu,
        Place baselinePlace,
        List<BenchRound> rounds,
        PlanView plan,
        BenchVersions versions,
        String command) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Where the requests were made. */
    enum Generator {
        /** In the process of the first member, to which inputs pass by reference. */
        INSIDE("inside the first member"),
        /** In a process beside the members, on the same machine. */
        BESIDE("in a process beside the members"),
        /** In a process that joined a running cluster. */
        CLUSTER("in a process that joined the cluster");

        private final String text;

        Generator(String text) {
            this.text = text;
        }

        /** In a sentence. */
        @Override
        public String toString() {
            return text;
        }

        /** In JSON. */
        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** CPUs of this machine, and threads of one inference on them. */
    record Place(List<Integer> cpus, int threads) {
        @Override
        public String toString() {
            String numbers = cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
            return (cpus.size() == 1 ? "CPU " : "CPUs ") + numbers + ", " + threads
                    + (threads == 1 ? " thread" : " threads");
        }
    }

    /** What was asked for. */
    record Setting(
            String model,
            BenchLoad load,
            Generator generator,
            MeasuringTime time,
            Place baseline,
            PlanView plan,
            String command) {}

    static BenchReport of(Setting setting, BenchRunner.Measured measured) {
        List<BenchRound> rounds = measured.rounds();
        BenchSide tandem =
                BenchSide.median(rounds.stream().map(BenchRound::tandem).toList());
        BenchSide baseline =
                BenchSide.median(rounds.stream().map(BenchRound::baseline).toList());
        List<BenchSide> single =
                rounds.stream().map(BenchRound::oneCpu).filter(Objects::nonNull).toList();
        BenchSide oneCpu = single.isEmpty() ? null : BenchSide.median(single);
        BenchLoad.Open open = setting.load() instanceof BenchLoad.Open given ? given : null;
        return new BenchReport(
                setting.model(),
                open == null ? "closed" : "open",
                setting.load() instanceof BenchLoad.Closed closed ? closed.concurrency() : null,
                open == null ? null : open.perSecond(),
                open == null ? null : open.pattern().name().toLowerCase(Locale.ROOT),
                setting.generator(),
                setting.time().measured().toNanos() / NANOS_PER_SECOND,
                setting.time().warmUp().toNanos() / NANOS_PER_SECOND,
                tandem.throughput(),
                baseline.throughput(),
                Medians.of(rounds, BenchRound::ratio),
                oneCpu == null ? null : oneCpu.throughput(),
                oneCpu == null ? null : tandem.throughput() / oneCpu.throughput(),
                tandem.p50Ms(),
                tandem.p90Ms(),
                tandem.p99Ms(),
                tandem.maxMs(),
                open == null ? null : tandem.throughput(),
                open == null ? null : tandem.refused(),
                open == null ? null : tandem.late(),
                tandem.processorMs(),
                baseline.processorMs(),
                measured.work().bytesPerInference(),
                measured.work().busy(),
                baseline,
                oneCpu,
                setting.baseline(),
                rounds,
                setting.plan(),
                BenchVersions.here(),
                setting.command());
    }

    void print(Terminal terminal) {
        plan.print(terminal);
        terminal.line("");
        terminal.line("Load: " + loadText() + ", made " + generator + "; " + rounds.size() + " rounds of "
                + Figures.digits(durationSeconds) + " s for each side, medians.");
        terminal.line("");
        TextTable table =
                TextTable.of("", ">per second", ">ratio", ">p50 ms", ">p90 ms", ">p99 ms", ">max ms", ">CPU ms");
        BenchSide tandem =
                BenchSide.median(rounds.stream().map(BenchRound::tandem).toList());
        row(table, "Tandem", tandem, "");
        row(table, "ONNX Runtime, " + baselinePlace, baseline, ratio(ratio));
        if (oneCpu != null && ratioToOneCpu != null) {
            row(table, "ONNX Runtime, one CPU", oneCpu, ratio(ratioToOneCpu));
        }
        table.print(terminal);
        terminal.line("");
        terminal.line("Ratio by round: "
                + rounds.stream().map(round -> ratio(round.ratio())).collect(Collectors.joining(" ")));
        terminal.line("Busy: "
                + busy.stream()
                        .map(share ->
                                "stage " + share.stage() + " on " + share.node() + " " + Figures.percent(share.share()))
                        .collect(Collectors.joining(", "))
                + ". Moved between nodes: " + Figures.bytes(Math.round(bytesMovedPerInference)) + " per inference.");
        if (refused != null && late != null) {
            terminal.line("Refused for overload: " + refused + ", late: " + late + ".");
        }
    }

    private String loadText() {
        return concurrency == null
                ? Figures.digits(rate == null ? 0 : rate) + " requests per second (" + arrivals + ")"
                : concurrency + " in flight";
    }

    private static void row(TextTable table, String name, BenchSide side, String ratio) {
        table.row(
                name,
                Figures.digits(side.throughput()),
                ratio,
                Figures.digits(side.p50Ms()),
                Figures.digits(side.p90Ms()),
                Figures.digits(side.p99Ms()),
                Figures.digits(side.maxMs()),
                Figures.digits(side.processorMs()));
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
