package dev.tandem.deploy.drawing;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.deploy.drawing.Canvas.Anchor;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A plan on its machines: boxes with what runs where, an arrow for each link, and below them what is busy when, for one
 * request and for many. Immutable.
 */
public final class PlanPicture {

    private static final double MARGIN = 24;
    private static final double GAP = 18;
    private static final double LEAST_WIDTH = 1000;

    private final PlanRequest request;
    private final Plan plan;

    private PlanPicture(PlanRequest request, Plan plan) {
        this.request = request;
        this.plan = plan;
    }

    /** The picture of a plan for a request. */
    public static PlanPicture of(PlanRequest request, Plan plan) {
        return new PlanPicture(request, plan);
    }

    /** Writes it as SVG, whole or not at all, in place of a file that may be there. */
    public void write(Path file) throws IOException {
        Canvas.write(file, svg());
    }

    String svg() throws IOException {
        PlanExplanation explained = request.explainer().explain(plan);
        Legend legend = new Legend(plan);
        ClusterSection cluster = new ClusterSection(request.topology(), request.gatewayNode(), explained, legend);
        Timelines timelines = new Timelines(request, plan, explained, legend);
        Canvas canvas = new Canvas();
        double width = Math.max(LEAST_WIDTH, cluster.width());
        double y = drawTitle(canvas);
        y = legend.draw(canvas, MARGIN, y, width) + GAP;
        y = cluster.draw(canvas, MARGIN, y) + GAP;
        y = timelines.alone().draw(canvas, MARGIN, y, width) + GAP;
        timelines.steady().draw(canvas, MARGIN, y, width);
        return canvas.svg(title(), MARGIN);
    }

    private double drawTitle(Canvas canvas) {
        double y = MARGIN + Canvas.LARGE;
        canvas.boldText(title(), MARGIN, y, Canvas.LARGE);
        y += Canvas.LARGE;
        String figures = Quantities.millis(plan.predicted().latencySeconds()) + " per request, "
                + Quantities.digits(plan.predicted().throughputPerSecond()) + " requests per second; bottleneck: "
                + plan.predicted().bottleneck();
        canvas.text(figures, MARGIN, y, Canvas.NORMAL, Ink.TEXT, Anchor.LEFT);
        return y + GAP;
    }

    private String title() {
        return plan.model() + ": " + plan.scheme();
    }
}
