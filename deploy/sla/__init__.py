"""The engine of promises as a calculator: questions and life stories in, answers out."""
