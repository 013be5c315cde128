package org.keeplora.cli;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Describes what is wrong with a key of a configuration, in the words of its file.
 *
 * @param root all keys, from any file
 */
record KeyProblem(ObjectNode root) {
    private static final ObjectMapper YAML = ConfigYaml.MAPPER;

    /**
     * The problem that {@code e} reports in {@link #root}: the key, its value and what is expected, but not the source
     * of the key.
     */
    ConfigProblem of(JsonMappingException e) {
        return new ConfigProblem(
                e instanceof UnrecognizedPropertyException unknown
                        ? "unknown key '" + path(e) + "'; did you mean '" + suggestion(unknown) + "'?"
                        : problem(e));
    }

    /** The same key in another section, or else the nearest key in its own section. */
    private String suggestion(UnrecognizedPropertyException e) {
        String key = e.getPropertyName();
        List<String> all = keys("", YAML.constructType(RunConfig.class));
        return all.stream()
                .filter(one -> one.endsWith("." + key))
                .findFirst()
                .orElseGet(() -> section(e)
                        + Nearest.of(
                                key,
                                e.getKnownPropertyIds().stream()
                                        .map(Objects::toString)
                                        .toList()));
    }

    private static String section(JsonMappingException e) {
        String path = path(e);
        return path.substring(0, path.lastIndexOf('.') + 1);
    }

    /** Full names of all keys below {@code type}. */
    private List<String> keys(String prefix, JavaType type) {
        List<String> keys = new ArrayList<>();
        for (BeanPropertyDefinition property : properties(type)) {
            keys.add(prefix + property.getName());
            if (property.getPrimaryType().getRawClass().isRecord()) {
                keys.addAll(keys(prefix + property.getName() + ".", property.getPrimaryType()));
            }
        }
        return keys;
    }

    private List<BeanPropertyDefinition> properties(JavaType type) {
        return YAML.getDeserializationConfig().introspect(type).findProperties();
    }

    private String problem(JsonMappingException e) {
        if (e.getCause() instanceof ConfigProblem cause) {
            String problem = cause.getMessage(); // about a value, about a key below this one, or complete
            return problem.startsWith("'")
                    ? path(e) + ": " + problem
                    : problem.startsWith(".") ? path(e) + problem : problem;
        }
        JsonNode value = root;
        JavaType type = YAML.constructType(RunConfig.class);
        for (JsonMappingException.Reference step : e.getPath()) {
            value = step.getFieldName() != null ? value.path(step.getFieldName()) : value.path(step.getIndex());
            type = below(type, step);
        }
        return path(e) + " is " + (value.isNumber() ? value.asText() : value) + "; " + expected(type, value)
                + " is expected";
    }

    private JavaType below(JavaType type, JsonMappingException.Reference step) {
        return step.getFieldName() == null
                ? type.getContentType()
                : properties(type).stream()
                        .filter(property -> property.getName().equals(step.getFieldName()))
                        .findFirst()
                        .map(BeanPropertyDefinition::getPrimaryType)
                        .orElse(type);
    }

    private String expected(JavaType type, JsonNode value) {
        if (type.isCollectionLikeType()) {
            return "a list, as in [a, b],";
        }
        if (type.getRawClass().isRecord()) {
            return "a section with "
                    + properties(type).stream()
                            .map(BeanPropertyDefinition::getName)
                            .collect(Collectors.joining(", "));
        }
        Class<?> kind = MethodType.methodType(type.getRawClass()).wrap().returnType();
        if (kind == Integer.class || kind == Long.class) {
            return value.isIntegralNumber() ? "a smaller whole number" : "a whole number";
        }
        if (kind == Double.class) {
            return "a number";
        }
        return kind == Boolean.class ? "true or false" : "a text";
    }

    /** The path of the key, as in {@code data.tasks[0].name}. */
    private static String path(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
