package dev.tandem.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * This machine as a member of the cluster.
 *
 * @param name empty: the caller derives it from host name and port
 * @param dataDirectory absolute
 * @param coreGroups empty: the node finds them itself
 * @param power beside that of the core groups; of use only where theirs is known
 */
public record NodeSettings(
        String name,
        Path dataDirectory,
        MemoryBudget memory,
        List<CoreGroupSettings> coreGroups,
        NodePowerSettings power) {

    static final Pattern NAME = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._:-]{0,63})?");

    public NodeSettings {
        coreGroups = List.copyOf(coreGroups);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("node name '" + name + "' must match " + NAME + ".");
        }
    }

    static NodeSettings from(SectionReader reader) {
        List<CoreGroupSettings> coreGroups = coreGroups(reader);
        return new NodeSettings(
                reader.text("name", NAME, "at most 64 letters, digits and . _ : -, starting with a letter or digit"),
                reader.path("data-directory"),
                MemoryBudget.from(reader, "memory"),
                coreGroups,
                power(reader, coreGroups));
    }

    private static NodePowerSettings power(SectionReader reader, List<CoreGroupSettings> coreGroups) {
        String key = "power";
        if (reader.says(key, "none")) {
            return NodePowerSettings.NONE;
        }
        NodePowerSettings power = NodePowerSettings.from(
                reader.section(key, NodePowerSettings.DEFAULTS, "none or { idle = 2W, send = 0W, receive = 0W }"));
        if (!power.equals(NodePowerSettings.NONE)
                && coreGroups.stream().allMatch(group -> group.power().isEmpty())) {
            reader.refuse(key, "expected the power of the core groups as well", "Without it this one is of no use.");
        }
        return power;
    }

    private static List<CoreGroupSettings> coreGroups(SectionReader reader) {
        String key = "core-groups";
        if (reader.says(key, "auto")) {
            return List.of();
        }
        List<SectionReader> elements =
                reader.elements(key, CoreGroupSettings.DEFAULTS, "auto or a list of at least one core group");
        Set<String> names = new HashSet<>();
        Map<Integer, String> owners = new HashMap<>();
        Map<Integer, String> gpuOwners = new HashMap<>();
        return elements.stream()
                .map(element -> {
                    CoreGroupSettings group = CoreGroupSettings.from(element);
                    refuseRepeats(element, group, names, owners);
                    refuseSharedGpu(element, group, gpuOwners);
                    return group;
                })
                .toList();
    }

    /** A CPU in two groups would be counted twice by the planner and fought over by both executors. */
    private static void refuseRepeats(
            SectionReader element, CoreGroupSettings group, Set<String> names, Map<Integer, String> owners) {
        if (element.has("name") && !names.add(group.name())) {
            element.refuse("name", "expected a name that no other core group has", "");
        }
        if (!element.has("cpus")) {
            return;
        }
        for (int cpu : group.cpus()) {
            String owner = owners.putIfAbsent(cpu, group.name());
            if (owner != null) {
                element.refuse(
                        "cpus", "expected each CPU in one core group, but CPU " + cpu + " is also in " + owner, "");
            }
        }
    }

    /** So would a GPU. */
    private static void refuseSharedGpu(SectionReader element, CoreGroupSettings group, Map<Integer, String> owners) {
        if (!group.provider().provider().isGpu()) {
            return;
        }
        int device = group.provider().device();
        String owner = owners.putIfAbsent(device, group.name());
        if (owner != null) {
            element.refuse(
                    "provider",
                    "expected each GPU in one core group, but GPU " + device + " is also in " + owner,
                    "Maybe set device-id in its provider-options.");
        }
    }
}
