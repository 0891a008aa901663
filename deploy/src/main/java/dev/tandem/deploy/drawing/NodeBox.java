package dev.tandem.deploy.drawing;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.cost.PlanExplanation.NodeUse;
import dev.tandem.core.cost.PlanExplanation.ShardTime;
import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.deploy.drawing.Canvas.Anchor;
import java.util.List;
import java.util.Locale;

/** A machine: its memory, its core groups, and what runs on them. */
record NodeBox(Node node, boolean isGateway, PlanExplanation explained, Legend legend) {

    static final double WIDTH = 200;

    private static final int MOST_PARTS = 12;
    private static final double PAD = 8;
    private static final double LINE = 16;
    private static final double PART = 17;
    private static final double MEMORY_BAR = 4;

    double height() {
        double height = PAD + 2 * LINE + 2 * MEMORY_BAR;
        for (CoreGroup group : node.coreGroups()) {
            int parts = parts(group).size();
            height += LINE + Math.min(parts, MOST_PARTS) * PART + (parts > MOST_PARTS ? LINE : 0) + PAD / 2;
        }
        return height + PAD / 2;
    }

    void draw(Canvas canvas, double x, double y) {
        canvas.fill(x, y, WIDTH, height(), Ink.BOX);
        canvas.frame(x, y, WIDTH, height(), Ink.LINE);
        double room = WIDTH - 2 * PAD;
        double line = y + PAD + Canvas.NORMAL;
        String name = node.id() + (isGateway ? " (gateway)" : "");
        canvas.boldText(Canvas.fit(name, Canvas.NORMAL, room), x + PAD, line, Canvas.NORMAL);
        line += LINE;
        drawMemory(canvas, x + PAD, line, room);
        line += 2 * MEMORY_BAR;
        for (CoreGroup group : node.coreGroups()) {
            line += LINE;
            String kind = group.kind() == CoreGroup.Kind.GPU ? " (gpu)" : "";
            String title = group.id().group() + kind + "  " + rate(group) + "  " + busy(group);
            canvas.text(Canvas.fit(title, Canvas.SMALL, room), x + PAD, line, Canvas.SMALL, Ink.TEXT, Anchor.LEFT);
            line = drawParts(canvas, group, x + PAD, line + PAD / 2, room);
        }
    }

    private void drawMemory(Canvas canvas, double x, double y, double room) {
        NodeUse use = explained.nodes().stream()
                .filter(each -> each.node().equals(node.id()))
                .findFirst()
                .orElseThrow();
        String text = "memory " + Quantities.bytes(use.neededBytes()) + " of " + Quantities.bytes(use.memoryBytes());
        canvas.text(Canvas.fit(text, Canvas.SMALL, room), x, y, Canvas.SMALL, Ink.FAINT_TEXT, Anchor.LEFT);
        canvas.fill(x, y + MEMORY_BAR, room, MEMORY_BAR, Ink.FAINT_LINE);
        double share = Math.min(1, (double) use.neededBytes() / Math.max(1, use.memoryBytes()));
        canvas.fill(x, y + MEMORY_BAR, room * share, MEMORY_BAR, Ink.FAINT_TEXT);
    }

    /** Draws them, and says where they end. */
    private double drawParts(Canvas canvas, CoreGroup group, double x, double y, double room) {
        List<ShardTime> parts = parts(group);
        double top = y;
        for (ShardTime part : parts.subList(0, Math.min(parts.size(), MOST_PARTS))) {
            var color = legend.color(part.lane(), part.shard());
            String millis = Quantities.millis(part.computeSeconds());
            String text = legend.label(part.lane(), part.shard()) + "  " + legend.layers(part.lane(), part.shard());
            double left = room - PAD - Canvas.width(millis, Canvas.SMALL);
            canvas.fill(x, top, room, PART - 2, color);
            canvas.text(
                    Canvas.fit(text, Canvas.SMALL, left - PAD / 2),
                    x + PAD / 2,
                    top + PART - 6,
                    Canvas.SMALL,
                    Ink.on(color),
                    Anchor.LEFT);
            canvas.text(millis, x + room - PAD, top + PART - 6, Canvas.SMALL, Ink.on(color), Anchor.RIGHT);
            top += PART;
        }
        if (parts.size() > MOST_PARTS) {
            canvas.text(
                    "and " + (parts.size() - MOST_PARTS) + " more",
                    x,
                    top + PART - 6,
                    Canvas.SMALL,
                    Ink.FAINT_TEXT,
                    Anchor.LEFT);
            top += LINE;
        }
        return top - PAD / 2;
    }

    private List<ShardTime> parts(CoreGroup group) {
        return explained.shards().stream()
                .filter(part -> part.place().equals(group.id()))
                .toList();
    }

    private static String rate(CoreGroup group) {
        return String.format(Locale.ROOT, "%.3g G/s", group.multiplyAddsPerSecond() / 1e9);
    }

    private String busy(CoreGroup group) {
        return explained.resources().stream()
                .filter(load -> load.kind() == ResourceKind.CORE_GROUP
                        && load.name().equals(group.id().toString()))
                .findFirst()
                .map(load -> Quantities.percent(explained.share(load)) + " busy")
                .orElse("idle");
    }
}
