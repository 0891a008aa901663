package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.CpuRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Core groups as arguments: {@code [NAME=]CPUS}. */
final class CoreGroupTexts {

    private CoreGroupTexts() {}

    /** The value of {@code tandem.node.core-groups} that says the same. */
    static List<Map<String, Object>> settings(List<String> texts) {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String group = equals > 0 ? text.substring(0, equals) : "group-" + (groups.size() + 1);
            groups.add(Map.of("name", group, "cpus", CpuRanges.parse(text.substring(equals + 1))));
        }
        return groups;
    }
}
