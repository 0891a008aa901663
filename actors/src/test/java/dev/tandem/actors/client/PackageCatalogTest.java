package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.NativeLibrary;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCatalogTest {

    private final PackageCatalog catalog = new PackageCatalog();

    @Test
    void servesPiecesAsLongAsAnyPackageHasThem(@TempDir Path folder) throws IOException {
        NativeLibrary.prepare(Path.of(System.getProperty("tandem.native.directory")));
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, ZooOptions.defaults());
        ModelPackage model = ModelFolder.fold(file, FoldOptions.DEFAULTS, folder.resolve("package"));
        ModelPackage renamed = model.named("another");
        List<String> pieces =
                model.pieces().stream().map(ModelPackage.Piece::sha256).toList();

        catalog.add(model);
        catalog.add(renamed);
        catalog.remove(model);

        assertThat(renamed.graph().name()).isEqualTo("another");
        assertThat(pieces).isNotEmpty().allSatisfy(piece -> assertThat(catalog.locate(piece))
                .isPresent());
        catalog.remove(renamed);
        assertThat(pieces).allSatisfy(piece -> assertThat(catalog.locate(piece)).isEmpty());
    }
}
