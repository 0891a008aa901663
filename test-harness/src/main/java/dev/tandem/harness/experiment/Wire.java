package dev.tandem.harness.experiment;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.wire.WireRun;
import dev.tandem.harness.experiment.wire.WireRun.Sample;
import dev.tandem.harness.testbed.LinkShape;
import dev.tandem.harness.testbed.LinkedNamespaces;
import dev.tandem.harness.testbed.TestbedException;
import dev.tandem.harness.testbed.TestbedRights;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.pekko.Version;

/**
 * What tensors between two members cost beside a plain socket between the same two processes: goodput on shaped links,
 * throughput and processor time on an unshaped one. A round is one measurement over the plain socket and one for each
 * size of pieces, so that the machine's drift hits all alike.
 */
final class Wire implements Experiment {

    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final int WARM_UP_ROUNDS = 2;
    private static final List<Integer> PIECE_BYTES = List.of(64 << 10, 1 << 20, 4 << 20);
    private static final List<LinkShape> LINKS =
            List.of(LinkShape.megabits(100), LinkShape.megabits(1000), LinkShape.UNSHAPED);

    private final Supplier<Optional<String>> missingRights;

    /** Everything, with what it was measured with. */
    record Result(
            String command, Map<String, String> versions, List<String> javaOptions, int cpus, List<LinkResult> links) {}

    /** One link: medians over the rounds. */
    record LinkResult(String link, Figures plain, List<PieceResult> pieces) {}

    /** One size of pieces; shares are those of each round, whose median counts. */
    record PieceResult(
            int pieceBytes, Figures figures, double ofPlainGoodput, double ofPlainCpu, List<Double> goodputRounds) {}

    /** Medians. */
    record Figures(double megabitsPerSecond, double cpuSecondsPerGigabyte) {

        static Figures of(List<Sample> samples) {
            return new Figures(
                    Medians.of(samples, sample -> sample.bytesPerSecond() * 8 / 1e6),
                    Medians.of(samples, Sample::cpuSecondsPerGigabyte));
        }
    }

    /** One turn of all. */
    private record Round(Sample plain, List<Sample> pieces) {

        double share(int size, ToDoubleFunction<Sample> figure) {
            return figure.applyAsDouble(pieces.get(size)) / figure.applyAsDouble(plain);
        }
    }

    Wire() {
        this(TestbedRights::missing);
    }

    /** @param missingRights what this process lacks to make networks, if anything */
    Wire(Supplier<Optional<String>> missingRights) {
        this.missingRights = missingRights;
    }

    @Override
    public String name() {
        return "wire";
    }

    @Override
    public String purpose() {
        return "tensors between two members in two network namespaces, beside a plain socket; needs root";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        missingRights.get().ifPresent(missing -> {
            throw CommandException.refused(missing);
        });
        try {
            return new Result(
                    command(settings),
                    versions(),
                    WireRun.javaOptions(),
                    Runtime.getRuntime().availableProcessors(),
                    links(settings, terminal));
        } catch (TestbedException e) {
            throw new CommandException(ExitCode.REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<LinkResult> links(Settings settings, Terminal terminal) throws Exception {
        List<LinkResult> links = new ArrayList<>();
        Duration measured = Duration.ofMillis(Math.round(settings.seconds() * 1000));
        try (WireRun run = WireRun.start(WARM_UP, measured)) {
            // Whatever is still to be compiled or connected is no part of any round.
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                round(run);
            }
            for (LinkShape link : LINKS) {
                run.shape(link);
                links.add(measure(run, link, settings.rounds(), terminal));
            }
        }
        return links;
    }

    private static String command(Settings settings) {
        return String.format(
                Locale.ROOT, "tandem experiment wire --rounds %d --seconds %s", settings.rounds(), settings.seconds());
    }

    private static LinkResult measure(WireRun run, LinkShape link, int rounds, Terminal terminal) throws Exception {
        List<Round> measured = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            Round round = round(run);
            measured.add(round);
            terminal.note(link + " round " + number + ": " + text(round));
        }
        List<PieceResult> pieces = new ArrayList<>();
        for (int size = 0; size < PIECE_BYTES.size(); size++) {
            pieces.add(pieces(measured, size));
        }
        return new LinkResult(
                link.toString(), Figures.of(measured.stream().map(Round::plain).toList()), pieces);
    }

    private static Round round(WireRun run) throws IOException, InterruptedException {
        Sample plain = run.plain();
        List<Sample> pieces = new ArrayList<>();
        for (int bytes : PIECE_BYTES) {
            pieces.add(run.frames(bytes));
        }
        return new Round(plain, pieces);
    }

    private static PieceResult pieces(List<Round> rounds, int size) {
        return new PieceResult(
                PIECE_BYTES.get(size),
                Figures.of(
                        rounds.stream().map(round -> round.pieces().get(size)).toList()),
                Medians.of(rounds, round -> round.share(size, Sample::bytesPerSecond)),
                Medians.of(rounds, round -> round.share(size, Sample::cpuSecondsPerGigabyte)),
                rounds.stream()
                        .map(round -> round.share(size, Sample::bytesPerSecond))
                        .toList());
    }

    private static String text(Round round) {
        StringBuilder text = new StringBuilder("plain " + text(round.plain()));
        for (int size = 0; size < PIECE_BYTES.size(); size++) {
            text.append(", pieces of ").append(PIECE_BYTES.get(size) >> 10).append(" KiB ");
            text.append(text(round.pieces().get(size)));
            text.append(String.format(Locale.ROOT, " (%.3f)", round.share(size, Sample::bytesPerSecond)));
        }
        return text.toString();
    }

    private static String text(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%.1f Mbit/s at %.2f CPU s/GB",
                sample.bytesPerSecond() * 8 / 1e6,
                sample.cpuSecondsPerGigabyte());
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("tandem", BuildVersion.text());
        versions.put("java", Runtime.version().toString());
        versions.put("pekko", Version.current());
        versions.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        versions.put("congestionControl", LinkedNamespaces.CONGESTION_CONTROL);
        return versions;
    }
}
