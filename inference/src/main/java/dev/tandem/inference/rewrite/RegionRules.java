package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.region.Axis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rule of each operator. What has no rule of its own is taken over as it is, if that is right. */
final class RegionRules {

    private static final Map<String, RegionRule> BY_OPERATOR = byOperator();

    private RegionRules() {}

    static RegionRule of(LayerSite site) {
        RegionRule rule = BY_OPERATOR.get(site.layer().operator());
        if (rule != null) {
            return rule;
        }
        if (site.ranges().keySet().stream().allMatch(axis -> isTakenOver(site, axis))) {
            return RegionRules::takeOver;
        }
        throw site.refusal("has no rule for " + site.layer().geometry());
    }

    /** Element-wise along the axis, or one position that reads all of them and has no weights of its own for each. */
    private static boolean isTakenOver(LayerSite site, Axis axis) {
        AxisGeometry geometry = site.layer().along(axis);
        return geometry instanceof Pointwise || (geometry instanceof Dense && axis.isSpatial());
    }

    private static void takeOver(LayerSite site) {
        site.emit(site.rewired());
    }

    private static Map<String, RegionRule> byOperator() {
        Map<String, RegionRule> rules = new HashMap<>();
        put(rules, new ConvolutionRule(List.of(1, 2)), "Conv");
        put(rules, new ConvolutionRule(List.of(1, 3)), "ConvInteger");
        put(rules, new ConvolutionRule(List.of(3, 4, 5, 8)), "QLinearConv");
        put(rules, new WindowRule(), "LpPool");
        put(rules, new PoolRule(), "MaxPool", "AveragePool");
        put(rules, new TransposedRule(), "ConvTranspose");
        put(rules, new EnlargeRule(), "Resize", "Upsample", "DepthToSpace");
        put(rules, new SpaceToDepthRule(), "SpaceToDepth");
        put(rules, new PadRule(), "Pad");
        put(rules, new MatrixRule(), "Gemm", "MatMul");
        put(rules, new ReshapeRule(), "Reshape");
        put(rules, new NormalizationRule(), "BatchNormalization", "InstanceNormalization");
        put(rules, new SliceRule(), "Slice");
        put(rules, new JoinRule(), "Concat");
        put(rules, new SplitRule(), "Split");
        put(rules, new BroadcastRule(), "Add", "Sub", "Mul", "Div", "Pow", "Mod", "PRelu", "Min", "Max", "Sum", "Mean");
        put(rules, new BroadcastRule(), "Where", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");
        put(rules, new BroadcastRule(), "And", "Or", "Xor", "BitShift", "QLinearAdd", "QLinearMul");
        return Map.copyOf(rules);
    }

    private static void put(Map<String, RegionRule> rules, RegionRule rule, String... operators) {
        List.of(operators).forEach(operator -> rules.put(operator, rule));
    }
}
