package dev.tandem.actors.node;

import dev.tandem.config.CoreGroupProvider;
import dev.tandem.config.CoreGroupSettings;
import dev.tandem.config.MissingProvider;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.CpuTopology;
import dev.tandem.inference.runtime.ExecutionProvider;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.runtime.ProviderChoice;
import dev.tandem.inference.runtime.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the core groups of a member: those that its settings name, or what its machine has. */
public final class OfferedGroups {

    private OfferedGroups() {}

    /**
     * The core groups of a member with these settings. ONNX Runtime's libraries are put in their place, and loaded where a
     * provider other than that of CPUs is to be tried.
     *
     * @throws MemberStartException when a provider does not work and the settings do not say to do without
     */
    public static List<OfferedGroup> of(TandemSettings settings) {
        NativeLibrary.prepare(settings.runtime().nativeDirectory());
        boolean pin = settings.runtime().pinThreads();
        List<CoreGroupSettings> configured = settings.node().coreGroups();
        return configured.isEmpty()
                ? found(pin)
                : configured.stream().map(group -> offered(group, pin)).toList();
    }

    private static List<OfferedGroup> found(boolean pin) {
        List<OfferedGroup> groups = new ArrayList<>();
        CpuTopology.proposeCoreGroups()
                .forEach(group -> groups.add(new OfferedGroup(group.withPin(group.pin() && pin))));
        List<ProviderChoice> gpus = Providers.gpus();
        for (int gpu = 0; gpu < gpus.size(); gpu++) {
            CoreGroupSpec spec = new CoreGroupSpec("gpu" + gpu, List.of(), 1, false, List.of(), gpus.get(gpu));
            groups.add(new OfferedGroup(spec));
        }
        return groups;
    }

    private static OfferedGroup offered(CoreGroupSettings group, boolean pin) {
        ProviderChoice asked = new ProviderChoice(
                provider(group.provider().provider()), group.provider().options());
        CoreGroupSpec spec = new CoreGroupSpec(
                group.name(),
                group.cpus(),
                group.threads(),
                pin && !group.cpus().isEmpty(),
                group.controlGroups(),
                asked);
        Optional<Providers.Problem> problem =
                asked.equals(ProviderChoice.CPU) ? Optional.empty() : Providers.problem(asked);
        if (problem.isEmpty()) {
            return new OfferedGroup(spec);
        }
        if (group.provider().onMissing() == MissingProvider.FAIL) {
            throw new MemberStartException(refusal(group.name(), asked, problem.get()), null);
        }
        return new OfferedGroup(
                spec.on(ProviderChoice.CPU),
                asked + " does not work: " + problem.get().reason());
    }

    private static String refusal(String group, ProviderChoice asked, Providers.Problem problem) {
        return "core group " + group + " cannot compute with provider " + asked + ": " + problem.reason() + ". "
                + problem.hint() + " Or have the group compute on CPUs with on-missing = cpu.";
    }

    private static ExecutionProvider provider(CoreGroupProvider configured) {
        return switch (configured) {
            case CPU -> ExecutionProvider.CPU;
            case CUDA -> ExecutionProvider.CUDA;
            case TENSORRT -> ExecutionProvider.TENSORRT;
            case COREML -> ExecutionProvider.COREML;
            case XNNPACK -> ExecutionProvider.XNNPACK;
            case QNN -> ExecutionProvider.QNN;
        };
    }
}
