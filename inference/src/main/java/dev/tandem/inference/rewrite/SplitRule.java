package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Split: along the axis that it splits, what the shard has of each output is cut out of the input by itself. */
final class SplitRule implements RegionRule {

    @Override
    public void rewrite(LayerSite site) {
        if (site.ranges().keySet().stream().noneMatch(axis -> site.layer().along(axis) instanceof Split)) {
            site.emit(site.rewired());
            return;
        }
        List<String> outputs = site.layer().outputs();
        for (int result = 0; result < outputs.size(); result++) {
            Map<Axis, Interval> computed = computed(site, result);
            if (computed.values().stream().noneMatch(Interval::isEmpty)) {
                String piece = site.shard().region(site.data().name(), piece(site, result, computed));
                site.emit(outputs.get(result), piece, computed);
            }
        }
    }

    /** Positions of an output along the axes along which the layer is divided. */
    private static Map<Axis, Interval> computed(LayerSite site, int result) {
        Map<Axis, Interval> computed = new EnumMap<>(Axis.class);
        site.ranges()
                .forEach((axis, range) ->
                        computed.put(axis, site.layer().along(axis).written(result, range)));
        return computed;
    }

    /** Where in the input those are. */
    private static Region piece(LayerSite site, int result, Map<Axis, Interval> computed) {
        TensorSpec data = site.data();
        Map<Axis, Interval> piece = new EnumMap<>(site.needed(data).ranges());
        computed.forEach((axis, range) -> {
            if (axis.divisible(data) > 0) {
                piece.put(axis, site.layer().along(axis).placed(result, range));
            }
        });
        return new Region(piece);
    }
}
