package org.keeplora.clip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.torch.Tensors;

/**
 * Groups prompts of similar length, so that little is computed after an end-of-text. Attention is causal, so no feature
 * changes.
 */
final class PromptGroups {
    /** The fixed cost of one more forward pass, in tokens (host, benchmarks/EXPERIMENTS.md, 11). */
    private static final int TOKENS_OF_A_RUN = 256;

    private PromptGroups() {}

    /**
     * Features [prompts x embedding], in the order of the prompts.
     *
     * @param encode from ids [n x positions] and their end-of-text positions to features [n x embedding]
     */
    static Tensor encode(TokenBatch prompts, BiFunction<Tensor, int[], Tensor> encode) {
        int[] ends = prompts.endOfText();
        List<int[]> groups = of(ends);
        if (groups.size() <= 1) {
            return encode.apply(prompts.ids(), ends);
        }
        TensorVector features = new TensorVector();
        int[] place = new int[ends.length];
        int done = 0;
        for (int[] group : groups) {
            int[] its = Arrays.stream(group).map(prompt -> ends[prompt]).toArray();
            int longest = its[its.length - 1] + 1;
            Tensor ids = prompts.ids().index_select(0, Tensors.ofInts(group)).narrow(1, 0, longest);
            features.push_back(encode.apply(ids, its));
            for (int prompt : group) {
                place[prompt] = done++;
            }
        }
        return torch.cat(features, 0).index_select(0, Tensors.ofInts(place));
    }

    /**
     * Indices of the prompts in the groups that minimise Σ (prompts · longest + cost of a pass), shortest group first;
     * {@code endOfText} counts from 0.
     */
    static List<int[]> of(int... endOfText) {
        int[] sorted = IntStream.range(0, endOfText.length)
                .boxed()
                .sorted(Comparator.comparingInt(prompt -> endOfText[prompt]))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] cost = new long[sorted.length + 1]; // least cost of the first i prompts
        int[] start = new int[sorted.length + 1]; // start of their last group
        for (int end = 1; end <= sorted.length; end++) {
            int length = endOfText[sorted[end - 1]] + 1;
            cost[end] = Long.MAX_VALUE;
            for (int first = 0; first < end; first++) {
                long with = cost[first] + (long) (end - first) * length + TOKENS_OF_A_RUN;
                if (with < cost[end]) {
                    cost[end] = with;
                    start[end] = first;
                }
            }
        }
        List<int[]> groups = new ArrayList<>();
        for (int end = sorted.length; end > 0; end = start[end]) {
            groups.add(0, Arrays.copyOfRange(sorted, start[end], end));
        }
        return groups;
    }
}
