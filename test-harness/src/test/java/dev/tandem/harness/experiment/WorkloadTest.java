package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.inference.zoo.ZooModel;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    @Test
    void readsAnArchitectureAndTheImagesOfARequest() {
        BuiltInModel mini = new BuiltInModel(ZooModel.TANDEM_MINI);

        assertThat(Workload.named("tandem-mini")).isEqualTo(new Workload(mini, 1));
        assertThat(Workload.named("tandem-minix16")).isEqualTo(new Workload(mini, 16));
    }

    @Test
    void refusesWhatThereIsNot() {
        assertThatThrownBy(() -> Workload.named("resnet-51x2")).hasMessageContaining("no architecture 'resnet-51'");
        assertThatThrownBy(() -> Workload.named("tandem-minix0"))
                .hasMessageContaining("no architecture 'tandem-minix0'");
    }
}
