package dev.tandem.deploy.drawing;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.deploy.drawing.Canvas.Anchor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Names and colours of the parts of a plan. */
final class Legend {

    private static final double CHIP = 12;
    private static final double ROW = 20;
    private static final double GAP = 8;

    private final Plan plan;
    /** Stages of the lanes before each. */
    private final List<Integer> before = new ArrayList<>();

    Legend(Plan plan) {
        this.plan = plan;
        int stages = 0;
        for (Lane lane : plan.lanes()) {
            before.add(stages);
            stages += lane.stages().size();
        }
    }

    Color color(int lane, Endpoint endpoint) {
        return endpoint.isGateway() ? Ink.GATEWAY : Ink.stage(before.get(lane) + endpoint.stage());
    }

    /** {@code 1} or, of several shards, {@code 1.2}; with the lane before it where there are several: {@code 0:1.2}. */
    String label(int lane, Endpoint endpoint) {
        if (endpoint.isGateway()) {
            return "gateway";
        }
        boolean divided =
                plan.lanes().get(lane).stages().get(endpoint.stage()).shards().size() > 1;
        return lane(lane) + (divided ? endpoint.toString() : Integer.toString(endpoint.stage()));
    }

    /** Layers of a shard's stage, such as {@code layers 0-17}. */
    String layers(int lane, Endpoint endpoint) {
        Segment segment = plan.lanes().get(lane).stages().get(endpoint.stage()).segment();
        return "layers " + segment.from() + "-" + (segment.to() - 1);
    }

    /** Draws it, and says where it ends. */
    double draw(Canvas canvas, double left, double y, double width) {
        double x = left;
        double top = y;
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            for (int stage = 0; stage < plan.lanes().get(lane).stages().size(); stage++) {
                Endpoint first = new Endpoint(stage, 0);
                String text = "stage " + lane(lane) + stage + ": " + layers(lane, first);
                double wide = CHIP + GAP + Canvas.width(text, Canvas.SMALL) + GAP;
                if (x + wide > left + width) {
                    x = left;
                    top += ROW;
                }
                canvas.fill(x, top, CHIP, CHIP, color(lane, first));
                canvas.text(text, x + CHIP + GAP / 2, top + CHIP - 2, Canvas.SMALL, Ink.TEXT, Anchor.LEFT);
                x += wide;
            }
        }
        return top + ROW;
    }

    private String lane(int lane) {
        return plan.lanes().size() > 1 ? lane + ":" : "";
    }
}
