# SPDX-License-Identifier: Apache-2.0
"""Runs the test files that are named and writes their results as JUnit XML: python3 run.py REPORT.xml FILE..."""

import importlib
import pathlib
import sys
import time
import unittest
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).parent


class Told(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.report = ElementTree.Element("testsuite", name="nxvms-python")

    def startTest(self, test):
        super().startTest(test)
        self._begun = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        case = ElementTree.SubElement(self.report, "testcase", classname=type(test).__qualname__, name=str(test).split()[0])
        case.set("time", f"{time.monotonic() - self._begun:.3f}")
        for failed, text in self.failures + self.errors:
            if getattr(failed, "test_case", failed) is test:
                ElementTree.SubElement(case, "failure").text = text


def main():
    report, files = pathlib.Path(sys.argv[1]), sys.argv[2:]
    sys.path[:0] = [str(HERE), str(HERE.parent / "src")]
    sys.dont_write_bytecode = True
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromModule(importlib.import_module(pathlib.Path(f).stem)) for f in files)
    result = unittest.TextTestRunner(resultclass=Told, verbosity=2).run(suite)
    report.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(result.report).write(report, encoding="unicode")
    sys.exit(0 if result.testsRun and result.wasSuccessful() else 1)


main()
