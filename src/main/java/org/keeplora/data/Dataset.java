package org.keeplora.data;

import java.util.List;

/**
 * One data set as a task sees it.
 *
 * @param classNames in the order of the labels
 * @param prompts one for each class, from the data set's first template
 * @param train training items in the official order
 * @param test test items in the official order
 */
public record Dataset(String name, List<String> classNames, List<String> prompts, List<Item> train, List<Item> test) {
    public Dataset {
        classNames = List.copyOf(classNames);
        prompts = List.copyOf(prompts);
        train = List.copyOf(train);
        test = List.copyOf(test);
    }
}
