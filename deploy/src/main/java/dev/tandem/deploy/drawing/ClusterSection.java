package dev.tandem.deploy.drawing;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.cost.PlanExplanation.PieceTime;
import dev.tandem.core.cost.PlanExplanation.ShardTime;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.drawing.Canvas.Anchor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Machines beside each other with what runs on them, and below them an arrow for every link that the plan uses. */
final class ClusterSection {

    private static final int MOST_BOXES = 8;
    private static final int MOST_PIECES = 2;
    private static final double PITCH = 250;
    private static final double ROW = 26;
    private static final double LABEL_LIFT = 5;

    private final Topology topology;
    private final String gateway;
    private final PlanExplanation explained;
    private final Legend legend;
    private final List<String> places;

    ClusterSection(Topology topology, String gateway, PlanExplanation explained, Legend legend) {
        this.topology = topology;
        this.gateway = gateway;
        this.explained = explained;
        this.legend = legend;
        this.places = List.copyOf(places());
    }

    /** How much it takes from left to right. */
    double width() {
        return (places.size() - 1) * PITCH + NodeBox.WIDTH;
    }

    /** Draws it, and says where it ends. */
    double draw(Canvas canvas, double left, double top) {
        double[] bottoms = new double[places.size()];
        for (int column = 0; column < places.size(); column++) {
            bottoms[column] = top + drawPlace(canvas, places.get(column), left + column * PITCH, top);
        }
        double bottom = Arrays.stream(bottoms).max().orElse(top);
        Map<List<String>, List<PieceTime>> links = links();
        double end = bottom + (links.isEmpty() ? 0 : (links.size() + 1) * ROW);
        for (int column = 0; column < places.size(); column++) {
            if (isLinked(places.get(column), links)) {
                canvas.line(
                        center(left, column), bottoms[column], center(left, column), end - ROW / 2, 1, Ink.FAINT_LINE);
            }
        }
        double row = bottom + ROW;
        for (List<PieceTime> pieces : links.values()) {
            drawLink(canvas, pieces, left, row);
            row += ROW;
        }
        return drawUnused(canvas, left, end);
    }

    /** The gateway, machines in the order of their use, and, where there are few, those that run nothing. */
    private Set<String> places() {
        Set<String> ordered = new LinkedHashSet<>();
        ordered.add(gateway);
        explained.shards().stream()
                .map(ShardTime::place)
                .map(place -> place.node())
                .forEach(ordered::add);
        topology.nodes().stream()
                .map(Node::id)
                .filter(node -> ordered.size() < MOST_BOXES)
                .forEach(ordered::add);
        return ordered;
    }

    private double drawPlace(Canvas canvas, String place, double x, double y) {
        return topology.node(place)
                .map(node -> {
                    NodeBox box = new NodeBox(node, place.equals(gateway), explained, legend);
                    box.draw(canvas, x, y);
                    return box.height();
                })
                .orElseGet(() -> drawOutside(canvas, place, x, y));
    }

    private static double drawOutside(Canvas canvas, String place, double x, double y) {
        double high = 2 * ROW;
        canvas.fill(x, y, NodeBox.WIDTH, high, Ink.PAPER);
        canvas.frame(x, y, NodeBox.WIDTH, high, Ink.LINE);
        canvas.boldText(Canvas.fit(place, Canvas.NORMAL, NodeBox.WIDTH - 16), x + 8, y + ROW - 6, Canvas.NORMAL);
        canvas.text("gateway; runs nothing", x + 8, y + 2 * ROW - 12, Canvas.SMALL, Ink.FAINT_TEXT, Anchor.LEFT);
        return high;
    }

    private Map<List<String>, List<PieceTime>> links() {
        Map<List<String>, List<PieceTime>> links = new LinkedHashMap<>();
        explained.pieces().stream()
                .filter(piece -> !piece.from().equals(piece.to()))
                .forEach(piece -> links.computeIfAbsent(List.of(piece.from(), piece.to()), link -> new ArrayList<>())
                        .add(piece));
        return links;
    }

    private void drawLink(Canvas canvas, List<PieceTime> pieces, double left, double y) {
        PieceTime first = pieces.get(0);
        double from = center(left, places.indexOf(first.from()));
        double to = center(left, places.indexOf(first.to()));
        canvas.arrow(from, to, y, color(pieces));
        String text = label(pieces);
        double wide = Canvas.width(text, Canvas.SMALL);
        double middle = Math.max(left + wide / 2, Math.min(left + width() - wide / 2, (from + to) / 2));
        canvas.fill(middle - wide / 2, y - LABEL_LIFT - Canvas.SMALL, wide, Canvas.SMALL + 2, Ink.PAPER);
        canvas.text(text, middle, y - LABEL_LIFT, Canvas.SMALL, Ink.TEXT, Anchor.MIDDLE);
    }

    /** That of the stage that sends, where it is one. */
    private Color color(List<PieceTime> pieces) {
        Set<Color> colors = pieces.stream()
                .map(piece -> legend.color(piece.lane(), piece.producer()))
                .collect(Collectors.toSet());
        return colors.size() == 1 ? colors.iterator().next() : Ink.TEXT;
    }

    private String label(List<PieceTime> pieces) {
        PieceTime first = pieces.get(0);
        String edges = pieces.size() > MOST_PIECES
                ? pieces.size() + " edges"
                : pieces.stream()
                        .map(piece -> legend.label(piece.lane(), piece.producer()) + " \u2192 "
                                + legend.label(piece.lane(), piece.consumer()))
                        .collect(Collectors.joining(", "));
        long bytes = pieces.stream().mapToLong(PieceTime::bytes).sum();
        double seconds = pieces.stream().mapToDouble(PieceTime::linkSeconds).sum();
        return topology.link(first.from(), first.to())
                .map(link -> edges + ": " + Quantities.bytes(bytes) + ", " + Quantities.millis(seconds) + " at "
                        + Quantities.bitRate(link.bandwidthBytesPerSecond())
                        + (link.media().isEmpty() ? "" : " on " + String.join(", ", link.media())))
                .orElse(edges);
    }

    private double drawUnused(Canvas canvas, double left, double y) {
        List<String> unused = topology.nodes().stream()
                .map(Node::id)
                .filter(node -> !places.contains(node))
                .toList();
        if (!unused.isEmpty()) {
            String names = "Not used: " + String.join(", ", unused);
            canvas.text(Canvas.fit(names, Canvas.SMALL, width()), left, y, Canvas.SMALL, Ink.FAINT_TEXT, Anchor.LEFT);
        }
        return unused.isEmpty() ? y : y + ROW;
    }

    private static boolean isLinked(String place, Map<List<String>, List<PieceTime>> links) {
        return links.keySet().stream().anyMatch(link -> link.contains(place));
    }

    private static double center(double left, int column) {
        return left + column * PITCH + NodeBox.WIDTH / 2;
    }
}
