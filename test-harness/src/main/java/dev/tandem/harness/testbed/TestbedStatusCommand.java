package dev.tandem.harness.testbed;

import dev.tandem.deploy.cli.Command;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.cli.TextTable;
import dev.tandem.deploy.launch.MemberReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Shows the beds that are up. */
@CommandLine.Command(
        name = "status",
        header = "Show the test beds that are up, and their members.",
        description = {
            "",
            "Beds whose process is gone are not shown; what is left of them is counted, and goes at the next 'up' or 'down'. The"
                    + " exit code is 1 unless all members of all beds are up.",
            ""
        })
final class TestbedStatusCommand implements Command {

    private static final double MEBI = 1 << 20;

    @Option(names = "--json", description = "Write JSON, and nothing else, to standard output.")
    private boolean json;

    /** A member for programs. */
    record Member(
            String bed,
            long owner,
            String node,
            String state,
            long pid,
            String address,
            double cpuSeconds,
            long memoryPeakBytes,
            long memoryKills) {}

    /** All for programs. */
    record Result(List<Member> members, int abandoned) {}

    @Override
    public ExitCode run(Terminal terminal) {
        List<Member> members = new ArrayList<>();
        for (LivingBed living : LivingBed.all()) {
            Testbed bed = Testbed.found(living);
            bed.members().forEach(member -> members.add(member(living, bed, member)));
        }
        int abandoned =
                (int) BedFolders.owned().stream().filter(OwnedName::isAbandoned).count();
        if (json) {
            terminal.json(new Result(members, abandoned));
        } else {
            print(terminal, members, abandoned);
        }
        boolean up = members.stream().allMatch(member -> member.state().equals("up"));
        return up ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private static Member member(LivingBed living, Testbed bed, MemberReport report) {
        double seconds = bed.spec().node(report.name()).groups().stream()
                .mapToDouble(group -> bed.cpuSeconds(report.name(), group.name()))
                .sum();
        return new Member(
                bed.spec().name(),
                living.owner(),
                report.name(),
                report.state().toString(),
                report.pid(),
                report.address(),
                seconds,
                bed.memoryPeak(report.name()),
                bed.memoryKills(report.name()));
    }

    private static void print(Terminal terminal, List<Member> members, int abandoned) {
        if (members.isEmpty()) {
            terminal.line("no test bed is up.");
        } else {
            TextTable table =
                    TextTable.of("bed", ">owner", "node", "state", ">pid", "address", ">computed", ">peak", ">kills");
            members.forEach(member -> table.row(
                    member.bed(),
                    Long.toString(member.owner()),
                    member.node(),
                    member.state(),
                    member.pid() == 0 ? "" : Long.toString(member.pid()),
                    member.address(),
                    String.format(Locale.ROOT, "%.1f s", member.cpuSeconds()),
                    String.format(Locale.ROOT, "%.0f MiB", member.memoryPeakBytes() / MEBI),
                    Long.toString(member.memoryKills())));
            table.print(terminal);
        }
        if (abandoned > 0) {
            terminal.note("there is something left of " + abandoned
                    + " killed test beds; it goes at the next start, or with 'tandem testbed down'.");
        }
    }
}
