package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.stream.Collectors;
import org.keeplora.clip.Activation;
import org.keeplora.engine.BackendChoice;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.LayerScale;
import org.keeplora.method.Switches.RankRule;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.Switches.TextFeatures;
import org.keeplora.method.Switches.WeightBasis;
import org.keeplora.store.JsonFile;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings.Head;

/** The YAML of configurations: names like {@code batch_size} and {@code slot-mean}, no aliases, at most 50 levels. */
final class ConfigYaml {
    /** Converts between YAML, trees of keys and {@link RunConfig}. */
    static final YAMLMapper MAPPER = mapper();

    private static final int MOST_LEVELS = 50;

    private ConfigYaml() {}

    private static YAMLMapper mapper() {
        SimpleModule names = new SimpleModule();
        NamedEnum.register(names, Activation.class);
        NamedEnum.register(names, LearningMethod.class);
        NamedEnum.register(names, Preset.class);
        NamedEnum.register(names, WeightBasis.class);
        NamedEnum.register(names, RankRule.class);
        NamedEnum.register(names, FeatureStatistic.class);
        NamedEnum.register(names, TextFeatures.class);
        NamedEnum.register(names, StartB.class);
        NamedEnum.register(names, LayerScale.class);
        NamedEnum.register(names, Head.class);
        NamedEnum.register(names, Precision.class);
        NamedEnum.register(names, TorchDevice.class);
        NamedEnum.register(names, BackendChoice.class);
        YAMLFactory shallow = YAMLFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_LEVELS)
                        .build())
                .build();
        return YAMLMapper.builder(shallow)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .addModule(names)
                .build();
    }

    /**
     * Reads one document. Refuses aliases and second documents, because Jackson would read an alias as a text and
     * ignore a second document.
     *
     * @param source of {@code yaml}, for messages
     */
    static JsonNode document(String source, String yaml) throws IOException {
        try (YAMLParser parser = MAPPER.getFactory().createParser(yaml)) {
            int level = 0;
            boolean ended = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                ConfigProblem.unless(
                        !parser.isCurrentAlias(),
                        "%s, line %d: *%s is an alias, which is not supported; write out what it stands for",
                        source,
                        line,
                        parser.getText());
                ConfigProblem.unless(!ended, "%s, line %d: a second document begins; give one", source, line);
                level += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                ended = level == 0;
            }
        }
        return MAPPER.readTree(yaml);
    }

    /**
     * Reads a value given on the command line. Lists, sections and quoted texts are YAML. Anything else that is not a
     * number, a boolean or null in YAML is a text as it stands, as in {@code output=runs/a #2}.
     *
     * @param path of the key, for messages
     */
    static JsonNode value(String path, String yaml) throws IOException {
        String text = yaml.strip();
        if (!text.isEmpty() && "[{'\"!".indexOf(text.charAt(0)) >= 0) {
            try {
                return document(path, text);
            } catch (JsonProcessingException e) {
                throw new ConfigProblem("not YAML: " + reason(e));
            }
        }
        try {
            JsonNode value = MAPPER.readTree(text);
            boolean plain = value.isMissingNode() || value.isNull() || value.isNumber() || value.isBoolean();
            return plain && text.indexOf('#') < 0 ? value : TextNode.valueOf(text);
        } catch (JsonProcessingException e) { // characters with a meaning in YAML but not in a text on the command line
            return TextNode.valueOf(text);
        }
    }

    /** The library's message without locations and excerpts of the file, which are indented. */
    static String reason(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .limit(2)
                .map(JsonFile::cleaned)
                .collect(Collectors.joining(", "));
    }
}
