/** What tests of several artifacts share: reference data, leak checks, refusals. */
package org.keeplora.testing;
