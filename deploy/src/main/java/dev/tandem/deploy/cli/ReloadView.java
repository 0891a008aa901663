package dev.tandem.deploy.cli;

import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.actors.protocol.ReloadReport.MemberReload;
import dev.tandem.actors.protocol.ReloadReport.Replanned;
import dev.tandem.config.SettingScope;
import dev.tandem.config.SettingsChange;
import java.util.List;
import java.util.Locale;

/**
 * What is shown of a reload, as JSON.
 *
 * @param applied false: nothing has changed, for the reasons that are given
 */
record ReloadView(
        boolean applied, List<MemberView> members, List<Replanned> epochs, List<String> reasons, List<String> notes) {

    /** A member; {@code file} is empty where it has none. */
    record MemberView(String member, String file, boolean supervisor, List<ChangeView> changes) {}

    /** @param takenBy member, cluster or restart; a key for the cluster counts only in the file of its supervisor's node */
    record ChangeView(String key, String before, String after, String takenBy) {}

    static ReloadView of(ReloadReport report) {
        return new ReloadView(
                !report.isRefused(),
                report.members().stream().map(ReloadView::member).toList(),
                report.epochs(),
                report.reasons(),
                report.notes());
    }

    private static MemberView member(MemberReload member) {
        return new MemberView(
                member.member(),
                member.file(),
                member.hasSupervisor(),
                member.changes().stream().map(ReloadView::change).toList());
    }

    private static ChangeView change(SettingsChange change) {
        return new ChangeView(
                change.path(),
                change.before(),
                change.after(),
                change.scope().name().toLowerCase(Locale.ROOT));
    }

    /** What has changed, or would have; then the epochs. */
    void print(Terminal terminal) {
        members.forEach(member -> print(terminal, member));
        epochs.forEach(epoch -> terminal.line(
                "epoch " + epoch.epoch() + " of " + epoch.model() + " serves through " + epoch.gateway()));
        if (members.stream().allMatch(member -> member.changes().isEmpty())) {
            terminal.line("Nothing has changed.");
        }
    }

    private static void print(Terminal terminal, MemberView member) {
        if (member.changes().isEmpty()) {
            return;
        }
        terminal.line(member.member() + " (" + member.file() + "):");
        for (ChangeView change : member.changes()) {
            terminal.line("  " + change.key() + ": " + change.before() + " -> " + change.after()
                    + remark(change.takenBy(), member));
        }
    }

    private static String remark(String takenBy, MemberView member) {
        if (takenBy.equals(SettingScope.RESTART.name().toLowerCase(Locale.ROOT))) {
            return " (needs a restart of " + member.member() + ")";
        }
        boolean isForCluster = takenBy.equals(SettingScope.CLUSTER.name().toLowerCase(Locale.ROOT));
        return isForCluster && !member.supervisor() ? " (counts when the supervisor is there)" : "";
    }
}
