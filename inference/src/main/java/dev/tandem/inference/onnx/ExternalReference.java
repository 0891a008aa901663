package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the bytes of a tensor lie outside its graph, as ONNX external data names it.
 *
 * @param location path of the file, relative to the directory of the graph
 * @param offset first byte in the file
 * @param length number of bytes; -1 where the file does not say: then to its end
 */
public record ExternalReference(String location, long offset, long length) {

    /** The reference that a tensor carries, or none for a tensor that holds its bytes. */
    public static Optional<ExternalReference> of(TensorProto tensor) {
        if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return Optional.empty();
        }
        String offset = entry(tensor, "offset").orElse("0");
        String length = entry(tensor, "length").orElse("-1");
        try {
            return Optional.of(new ExternalReference(
                    entry(tensor, "location").orElse(""), Long.parseLong(offset), Long.parseLong(length)));
        } catch (NumberFormatException e) {
            throw new ModelRefusedException(
                    "external data of tensor '" + tensor.getName() + "' has offset '" + offset + "' and length '"
                            + length + "', which must be whole numbers. Maybe export the model again.",
                    e);
        }
    }

    /** The tensor with this reference in place of any bytes of its own. */
    public TensorProto applyTo(TensorProto tensor) {
        return tensor.toBuilder()
                .clearRawData()
                .clearFloatData()
                .clearInt32Data()
                .clearInt64Data()
                .clearDoubleData()
                .clearUint64Data()
                .clearExternalData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(length)))
                .build();
    }

    /** The file that is named, in the directory of the graph. */
    public Path file(Path directory) {
        return directory.resolve(location);
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static Optional<String> entry(TensorProto tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst();
    }
}
