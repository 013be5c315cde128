package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Maps enum constants to their names in a configuration: SLOT_MEAN is "slot-mean". */
final class NamedEnum {
    private NamedEnum() {}

    static <E extends Enum<E>> void register(SimpleModule module, Class<E> type) {
        module.addDeserializer(type, new Reader<>(type));
        module.addSerializer(type, new Writer<>(type));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static final class Reader<E extends Enum<E>> extends StdDeserializer<E> {
        private static final long serialVersionUID = 1L;

        private final Class<E> type;

        Reader(Class<E> type) {
            super(type);
            this.type = type;
        }

        @Override
        public E deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode value = parser.readValueAsTree();
            String text = value.isValueNode() ? value.asText() : value.toString();
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> name(constant).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new ConfigProblem("'" + text + "' is none of "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(NamedEnum::name)
                                    .collect(Collectors.joining(", "))));
        }
    }

    private static final class Writer<E extends Enum<E>> extends StdSerializer<E> {
        private static final long serialVersionUID = 1L;

        Writer(Class<E> type) {
            super(type);
        }

        @Override
        public void serialize(E value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(name(value));
        }
    }
}
