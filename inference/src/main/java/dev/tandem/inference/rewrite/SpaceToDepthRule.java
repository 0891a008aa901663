package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.RowGeometry.Window;

/** Blocks of rows become channels: nothing changes as long as a shard reads whole blocks. */
final class SpaceToDepthRule implements RowRule {

    @Override
    public void rewrite(LayerSite site) {
        if (!(site.layer().geometry() instanceof Window window) || window.span() != window.stride()) {
            throw site.refusal(
                    "does not read whole blocks of rows: " + site.layer().geometry());
        }
        site.emit(site.rewired());
    }
}
