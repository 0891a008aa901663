package dev.tandem.inference.rewrite;

import dev.tandem.core.graph.RowGeometry.Rowwise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rule of each operator. What is element-wise along rows and has no rule of its own is taken over as it is. */
final class RowRules {

    private static final Map<String, RowRule> BY_OPERATOR = byOperator();

    private RowRules() {}

    static RowRule of(LayerSite site) {
        RowRule rule = BY_OPERATOR.get(site.layer().operator());
        if (rule != null) {
            return rule;
        }
        if (site.layer().geometry() instanceof Rowwise) {
            return RowRules::takeOver;
        }
        throw site.refusal("has no rule for " + site.layer().geometry());
    }

    private static void takeOver(LayerSite site) {
        site.emit(site.rewired());
    }

    private static Map<String, RowRule> byOperator() {
        Map<String, RowRule> rules = new HashMap<>();
        put(rules, new WindowRule(), "Conv", "ConvInteger", "QLinearConv", "LpPool");
        put(rules, new PoolRule(), "MaxPool", "AveragePool");
        put(rules, new TransposedRule(), "ConvTranspose");
        put(rules, new EnlargeRule(), "Resize", "Upsample", "DepthToSpace");
        put(rules, new SpaceToDepthRule(), "SpaceToDepth");
        put(rules, new PadRule(), "Pad");
        put(rules, RowRules::takeOver, "Slice");
        put(rules, new BroadcastRule(), "Add", "Sub", "Mul", "Div", "Pow", "Mod", "PRelu", "Min", "Max", "Sum", "Mean");
        put(rules, new BroadcastRule(), "Where", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");
        put(rules, new BroadcastRule(), "And", "Or", "Xor", "BitShift", "Concat", "QLinearAdd", "QLinearMul");
        return Map.copyOf(rules);
    }

    private static void put(Map<String, RowRule> rules, RowRule rule, String... operators) {
        List.of(operators).forEach(operator -> rules.put(operator, rule));
    }
}
