package dev.tandem.deploy.cli;

import dev.tandem.deploy.cli.StatusView.CoreGroupView;
import dev.tandem.deploy.cli.StatusView.GatewayView;
import dev.tandem.deploy.cli.StatusView.MemberView;
import dev.tandem.deploy.cli.StatusView.PartView;
import dev.tandem.deploy.cli.StatusView.ServedView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cluster's status for people: tables below each other. */
final class StatusText {

    private static final String UNKNOWN = "-";
    private static final String STANDBY = " standby";

    private final List<String> lines = new ArrayList<>();

    private StatusText() {}

    static List<String> lines(StatusView view) {
        StatusText text = new StatusText();
        text.members(view);
        text.coreGroups(view.coreGroups());
        view.served().forEach(text::served);
        if (view.served().isEmpty()) {
            text.line("", "No model is served.");
        }
        text.gateways(view.gateways());
        return text.lines;
    }

    private void members(StatusView view) {
        line(view.members().size() + " members at " + view.takenAt() + "; leader " + orUnknown(view.leader())
                + ", supervisor on " + orUnknown(view.supervisor()));
        TextTable table = TextTable.of("member", "address", "status", "since", "roles");
        for (MemberView member : view.members()) {
            table.row(
                    member.name(),
                    member.address(),
                    member.status() + (member.reachable() ? "" : ", unreachable"),
                    member.startedAt() == null ? UNKNOWN : member.startedAt(),
                    String.join(" ", member.roles()));
        }
        lines.addAll(table.lines());
    }

    private void coreGroups(List<CoreGroupView> groups) {
        TextTable table = TextTable.of(
                "node",
                "core group",
                "kind",
                "provider",
                "cpus",
                ">threads",
                ">G mult-adds/s",
                ">speed",
                ">shards",
                ">busy",
                ">queue");
        for (CoreGroupView group : groups) {
            table.row(
                    group.node(),
                    group.coreGroup(),
                    group.kind(),
                    group.provider() == null ? UNKNOWN : group.provider(),
                    group.cpus().stream().map(String::valueOf).collect(Collectors.joining(",")),
                    Integer.toString(group.threads()),
                    Figures.digits(group.multiplyAddsPerSecond() / 1e9),
                    group.speed() == null ? UNKNOWN : Figures.percent(group.speed()),
                    Integer.toString(group.shards()),
                    Figures.percent(group.busyShare()),
                    Long.toString(group.queue()));
        }
        line("");
        lines.addAll(table.lines());
        groups.stream()
                .filter(group -> group.problem() != null)
                .forEach(group ->
                        line(group.node() + "/" + group.coreGroup() + " computes on CPUs: " + group.problem()));
    }

    private void served(ServedView served) {
        line(
                "",
                served.model() + ", epoch " + served.epoch() + " (" + served.scheme() + ", " + served.objective()
                        + "), " + served.state() + " through " + served.gateway() + ": "
                        + digits(served.requestsPerSecond()) + " requests/s"
                        + (served.measuredSeconds() == null
                                ? ""
                                : " of " + Figures.millis(served.measuredSeconds()) + " ms")
                        + ", predicted up to "
                        + Figures.digits(served.predictedPerSecond()) + ", "
                        + Figures.millis(served.predictedSeconds()) + " ms alone");
        TextTable table = TextTable.of(
                "stage",
                "layers",
                "node",
                "core group",
                "region",
                ">predicted ms",
                ">measured ms",
                ">memory",
                ">requests/s",
                ">busy",
                ">queue");
        Map<String, Long> widths = StatusView.widths(served.parts());
        for (PartView part : served.parts()) {
            String stage = StatusView.stage(part);
            table.row(
                    stage
                            + (widths.getOrDefault(stage, 1L) > 1 ? "." + part.shard() : "")
                            + (part.standby() ? STANDBY : ""),
                    part.firstLayer() + "-" + (part.endLayer() - 1),
                    part.node(),
                    part.coreGroup(),
                    part.region(),
                    Figures.millis(part.predictedSeconds()),
                    part.measuredSeconds() == null ? UNKNOWN : Figures.millis(part.measuredSeconds()),
                    Figures.bytes(part.memoryBytes()),
                    digits(part.requestsPerSecond()),
                    part.busyShare() == null ? UNKNOWN : Figures.percent(part.busyShare()),
                    part.queue() == null ? UNKNOWN : part.queue().toString());
        }
        lines.addAll(table.lines());
        if (served.verdict() != null) {
            line("Looked at again: " + served.verdict() + ".");
        }
    }

    private void gateways(List<GatewayView> gateways) {
        if (gateways.isEmpty()) {
            return;
        }
        TextTable table = TextTable.of(
                "gateway",
                "model",
                ">epoch",
                ">requests/s",
                ">failures/s",
                ">answered",
                ">failed",
                ">open",
                ">bytes held");
        for (GatewayView gateway : gateways) {
            table.row(
                    gateway.name() + (gateway.answers() ? "" : " (does not answer)"),
                    gateway.model() == null ? UNKNOWN : gateway.model(),
                    whole(gateway.epoch()),
                    digits(gateway.requestsPerSecond()),
                    digits(gateway.failuresPerSecond()),
                    whole(gateway.completed()),
                    whole(gateway.failed()),
                    gateway.queued() == null || gateway.inFlight() == null
                            ? UNKNOWN
                            : Integer.toString(gateway.queued() + gateway.inFlight()),
                    gateway.bytesHeld() == null ? UNKNOWN : Figures.bytes(gateway.bytesHeld()));
        }
        line("");
        lines.addAll(table.lines());
        gateways.stream()
                .filter(gateway -> gateway.problem() != null)
                .forEach(gateway -> line(gateway.name() + ": " + gateway.problem()));
    }

    private static String digits(@Nullable Double value) {
        return value == null ? UNKNOWN : Figures.digits(value);
    }

    private static String whole(@Nullable Long value) {
        return value == null ? UNKNOWN : value.toString();
    }

    private static String orUnknown(String name) {
        return name.isEmpty() ? "unknown" : name;
    }

    private void line(String... text) {
        lines.addAll(List.of(text));
    }
}
