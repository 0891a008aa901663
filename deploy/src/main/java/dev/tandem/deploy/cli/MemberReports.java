package dev.tandem.deploy.cli;

import dev.tandem.deploy.launch.MemberReport;
import java.util.List;

/** Shows what became of the members of a cluster: a table, or JSON, and what went wrong. */
final class MemberReports {

    private MemberReports() {}

    static void print(Terminal terminal, String cluster, List<MemberReport> members, boolean isJson) {
        if (isJson) {
            terminal.json(new Cluster(
                    cluster, members.stream().map(MemberReports::json).toList()));
        } else {
            table(members).print(terminal);
        }
        members.forEach(member -> explain(terminal, member));
    }

    private static TextTable table(List<MemberReport> members) {
        TextTable table = TextTable.of("member", "host", "address", "state", ">process");
        for (MemberReport member : members) {
            table.row(
                    member.name(),
                    member.destination(),
                    member.address(),
                    member.state().toString(),
                    member.pid() == 0 ? "-" : Long.toString(member.pid()));
        }
        return table;
    }

    private static Member json(MemberReport member) {
        return new Member(
                member.name(),
                member.destination(),
                member.address(),
                member.state().toString(),
                member.state().isUp(),
                member.pid(),
                member.reason(),
                member.notes(),
                member.log());
    }

    private static void explain(Terminal terminal, MemberReport member) {
        member.notes().forEach(note -> terminal.note(member.name() + ": " + note));
        if (!member.reason().isEmpty()) {
            terminal.note(member.name() + ": " + member.reason());
        }
        if (!member.log().isEmpty()) {
            terminal.note(member.name() + ": its log ends:");
            member.log().forEach(line -> terminal.err().println("  " + line));
        }
    }

    /** The JSON of all of them. */
    record Cluster(String cluster, List<Member> members) {}

    /** The JSON of one. */
    record Member(
            String name,
            String destination,
            String address,
            String state,
            boolean up,
            long pid,
            String reason,
            List<String> notes,
            List<String> log) {}
}
