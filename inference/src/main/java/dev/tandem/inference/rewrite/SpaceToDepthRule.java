package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.region.Axis;

/** Blocks of rows and columns become channels: nothing changes as long as a shard reads whole blocks. */
final class SpaceToDepthRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        for (Axis axis : site.ranges().keySet()) {
            boolean isBlockwise = site.layer().along(axis) instanceof Window window && window.span() == window.stride();
            if (!isBlockwise && !(site.layer().along(axis) instanceof Pointwise)) {
                throw site.refusal("does not read whole blocks of " + axis.words() + ": "
                        + site.layer().along(axis));
            }
        }
        site.emit(site.rewired());
    }
}
