/** Tools for the tests of several artifacts: reference data, leak checks, refusals. */
package org.keeplora.testing;
