package org.keeplora.distributed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Σ of terms in the order of pairwise summation: (t₀ + t₁) + (t₂ + t₃), and so on (Higham, Accuracy and Stability of
 * Numerical Algorithms, section 4.1). Suppose 2ⁿ terms are divided among 2ᵐ processes in consecutive blocks. Adding the
 * sums of the processes in this order gives the same bits as one process that adds all terms. Holds at most log₂(terms)
 * + 1 sums.
 */
public final class PairwiseSum {
    /** Partial sums, the longest first. Their numbers of terms are the powers of two that make up {@link #terms}. */
    private final Deque<List<Tensor>> sums = new ArrayDeque<>();

    private int terms;

    /**
     * Adds a term.
     *
     * @param term taken over and changed, whatever scope it came from; the same shapes and types in every term. An
     *     undefined tensor adds nothing
     */
    public void add(List<Tensor> term) {
        term.forEach(Tensor::retainReference);
        sums.addLast(term);
        terms++;
        for (int its = terms; its % 2 == 0; its /= 2) {
            addLastTwo();
        }
    }

    /**
     * Returns the sum of all added terms, in the caller's scope, and starts again from zero.
     *
     * @throws IllegalStateException when nothing was added
     */
    public List<Tensor> total() {
        if (terms == 0) {
            throw new IllegalStateException("a sum without terms has no shape");
        }
        while (sums.size() > 1) {
            addLastTwo();
        }
        terms = 0;
        return sums.removeLast().stream().map(PairwiseSum::released).toList();
    }

    private void addLastTwo() {
        List<Tensor> right = sums.removeLast();
        List<Tensor> left = sums.removeLast();
        List<Tensor> both = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            both.add(added(left.get(i), right.get(i)));
        }
        sums.addLast(both);
    }

    private static Tensor added(Tensor left, Tensor right) {
        if (!left.defined()) {
            left.close();
            return right;
        }
        try (right;
                NoGradGuard guard = new NoGradGuard()) {
            if (right.defined()) {
                left.add_(right);
            }
            return left;
        }
    }

    /** Σ over the rows of {@code rows} [2ᵐ x n], in the caller's scope. */
    static Tensor ofRows(Tensor rows) {
        Tensor sums = rows;
        while (sums.size(0) > 1) {
            Tensor pairs = sums.view(sums.size(0) / 2, 2, sums.size(1));
            sums = pairs.select(1, 0).add(pairs.select(1, 1));
        }
        return sums.select(0, 0);
    }

    private static Tensor released(Tensor kept) {
        try (kept) {
            return kept.defined() ? kept.detach() : new Tensor();
        }
    }
}
