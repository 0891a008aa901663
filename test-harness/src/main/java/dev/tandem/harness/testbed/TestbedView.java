package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.cli.TextTable;
import dev.tandem.harness.testbed.Calibration.Share;
import java.util.List;
import java.util.Locale;

/** A bed that is up, as the commands show it. */
final class TestbedView {

    private static final double MEBI = 1 << 20;
    private static final double PER_CENT = 100;

    private TestbedView() {}

    /** One bed for programs. */
    record Json(
            String name,
            long owner,
            String clusterFile,
            String clientNamespace,
            String medium,
            String rate,
            String clientRate,
            List<BedNode> nodes,
            boolean withinTolerance,
            double worstError) {}

    static Json json(Testbed bed) {
        TestbedSpec.Network network = bed.spec().network();
        return new Json(
                bed.spec().name(),
                bed.owner(),
                bed.clusterFile().toString(),
                bed.clientNamespace(),
                network.medium().name().toLowerCase(Locale.ROOT),
                network.rate().toString(),
                network.client().toString(),
                bed.nodes(),
                bed.calibration().isWithinTolerance(),
                bed.calibration().worstError());
    }

    /** The tables, and how to use the bed. */
    static void print(Terminal terminal, Testbed bed) {
        TextTable table = TextTable.of(
                "node",
                "address",
                "core group",
                ">share",
                ">time",
                ">rate",
                ">error",
                ">honest from",
                ">memory",
                ">link");
        for (BedNode node : bed.nodes()) {
            boolean isFirst = true;
            for (Share share : node.groups()) {
                table.row(
                        isFirst ? node.name() : "",
                        isFirst ? node.address() : "",
                        share.group(),
                        decimal(share.asked()),
                        decimal(share.time()),
                        decimal(share.rate()),
                        String.format(Locale.ROOT, "%+.1f %%", share.error() * PER_CENT),
                        share.shortestMillis() + " ms",
                        isFirst ? String.format(Locale.ROOT, "%.0f MiB", node.memoryBytes() / MEBI) : "",
                        isFirst ? node.link().toString() : "");
                isFirst = false;
            }
        }
        terminal.line(
                "test bed " + bed.spec().name() + ", " + network(bed.spec().network()) + "; shares are parts of a CPU");
        terminal.line("");
        table.print(terminal);
        terminal.line("");
        terminal.line("cluster file      " + bed.clusterFile());
        terminal.line("client namespace  " + bed.clientNamespace());
        terminal.line(
                "use it            tandem testbed run " + bed.spec().name() + " -- tandem status --cluster {cluster}");
        if (!bed.calibration().isWithinTolerance()) {
            terminal.note(String.format(
                    Locale.ROOT,
                    "a core group is %.0f %% off its share, more than %.0f %%: is the machine busy with something else?",
                    bed.calibration().worstError() * PER_CENT,
                    Calibration.TOLERANCE * PER_CENT));
        }
    }

    static String network(TestbedSpec.Network network) {
        String rates = network.medium() == TestbedSpec.Medium.SHARED
                ? "one shared medium of " + network.rate()
                : "links of " + network.rate() + " on a switch";
        return network.client().equals(network.rate()) ? rates : rates + " (the client's " + network.client() + ")";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
