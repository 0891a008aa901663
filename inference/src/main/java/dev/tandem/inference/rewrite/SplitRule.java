package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Split: along the axis that it splits, what the shard reads of each output is cut out of the input by itself. */
final class SplitRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        if (site.ranges().keySet().stream().noneMatch(axis -> site.layer().along(axis) instanceof Split)) {
            site.emit(site.rewired());
            return;
        }
        List<String> outputs = site.layer().outputs();
        for (int result = 0; result < outputs.size(); result++) {
            Map<Axis, Interval> read = site.read().get(outputs.get(result));
            if (read != null) {
                String piece = site.shard().region(site.data().name(), piece(site, result, read));
                site.emit(outputs.get(result), piece, read);
            }
        }
    }

    /** Where in the input those are. */
    private static Region piece(LayerSite site, int result, Map<Axis, Interval> read) {
        TensorSpec data = site.data();
        Map<Axis, Interval> piece = new EnumMap<>(site.needed(data).ranges());
        read.forEach((axis, range) -> {
            if (axis.divisible(data) > 0) {
                piece.put(axis, site.layer().along(axis).placed(result, range));
            }
        });
        return new Region(piece);
    }
}
